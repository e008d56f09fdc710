import { credentialVariables, CredentialError, withoutCredentialVariables } from "@keyspring/core";
import { text, type CommandInput } from "../command.ts";
import { errandFor, obtain, within } from "../obtain.ts";
import { errorLines } from "../present/error.ts";
import type { Services } from "../services.ts";

const DEADLINE = 15_000;

export async function runExec(services: Services, input: CommandInput): Promise<number> {
  const { platform, terminal, redactor } = services;
  const [program, ...args] = input.arguments;
  if (program === undefined)
    throw new CredentialError("USAGE", "no command to run", {
      remedy: "Give it after --, e.g.: keyspring exec -- aws sts get-caller-identity",
    });
  const errand = await errandFor(services, text(input, "profile"));
  const { identity } = await within(services, DEADLINE, (signal) => obtain(services, errand, { signal }));
  const { region } = errand.selection;
  const env = {
    ...withoutCredentialVariables(platform.env),
    ...credentialVariables(identity, region === undefined ? {} : { region }),
  };
  const result = await platform.processes.runInPlace({ command: [program, ...args], env });
  // As a shell ends when it cannot run a command: 127 and 126.
  if (result.outcome !== "exited")
    terminal.err(errorLines(unusable(program, result.outcome), (words) => redactor.redact(words)));
  return result.exitCode;
}

function unusable(program: string, outcome: "not-found" | "not-executable"): CredentialError {
  return outcome === "not-found"
    ? new CredentialError("USAGE", `there is no command \`${program}\``, {
        remedy: "Check the spelling, or give its absolute path.",
      })
    : new CredentialError("USAGE", `\`${program}\` cannot be executed`, {
        remedy: `Make it executable: chmod +x '${program}'`,
      });
}
