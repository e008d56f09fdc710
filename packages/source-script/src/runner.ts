import {
  childEnvironment,
  createRedactor,
  invalidConfiguration,
  parseDuration,
  shownTail,
  type CommandFacts,
  type CredentialRequest,
  type Redactor,
  type RunRequest,
  type RunResult,
  type SourceContext,
} from "@keyspring/core";
import { checkedCommand, withHome } from "./checked-command.ts";
import type { ScriptOptions } from "./options.ts";
import { readFacts } from "./trusted-file.ts";

const LINES_KEPT = 20;

export interface Runner {
  /** Checks and runs one of the two commands; how it ended is for the caller to judge. */
  run(
    kind: "command" | "sign_in_command",
    request: CredentialRequest,
    how: Pick<RunRequest, "streams" | "onLine">,
  ): Promise<Run>;
}

export interface Run {
  readonly result: RunResult;
  readonly facts: CommandFacts;
}

export function createRunner(options: ScriptOptions, context: SourceContext): Runner {
  const { platform, log } = context;
  const redactor = redactorOf(options.env ?? {});
  return {
    async run(kind, request, { streams, onLine }) {
      const { command, what } = await checkedCommand(platform, options[kind] ?? [], kind);
      const cwd = await workingDirectory(options, context);
      const timeout = parseDuration(kind === "command" ? options.timeout : options.sign_in_timeout)!;
      const outputLimit = options.output_limit;
      const own = { ...options.env, KEYSPRING_REASON: request.reason };
      const result = await platform.processes.run({
        command,
        env: childEnvironment(context, { own }),
        cwd,
        signal: request.signal,
        timeout,
        outputLimit,
        streams,
        ...(onLine !== undefined && { onLine: (line, from) => onLine(redactor.redact(line), from) }),
      });
      const clean = { ...result, stderr: redactor.redact(result.stderr) };
      keepStderr(clean, what);
      const where = `the options of profile ${request.profile} in config.toml`;
      return { result: clean, facts: { what, timeout, outputLimit, signal: request.signal, where } };
    },
  };

  function keepStderr({ outcome, exitCode, stderr }: RunResult, what: string): void {
    const tail = shownTail(stderr, LINES_KEPT);
    const facts = { outcome, exitCode, stderr: tail.join("\n") };
    if (outcome !== "exited" || exitCode !== 0) log.warn(`${what} gave nothing`, facts);
    else if (tail.length > 0) log.debug(`${what} said something on stderr`, facts);
  }
}

async function workingDirectory(options: ScriptOptions, { platform }: SourceContext): Promise<string> {
  if (options.working_directory === undefined) return platform.home;
  const folder = withHome(platform, options.working_directory);
  if (!platform.path.isAbsolute(folder))
    throw invalidConfiguration("working_directory must be an absolute path", "Correct working_directory in config.toml.");
  if ((await readFacts(platform, folder))?.kind !== "folder")
    throw invalidConfiguration(`there is no folder ${folder}`, "Correct working_directory in config.toml, or make the folder.");
  return folder;
}

function redactorOf(env: Readonly<Record<string, string>>): Redactor {
  const redactor = createRedactor();
  for (const [name, value] of Object.entries(env)) if (/secret|token|pass|key|credential/i.test(name)) redactor.add(value);
  return redactor;
}
