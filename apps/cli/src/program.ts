import { Command, CommanderError, Option } from "commander";
import { CredentialError, didYouMean } from "@keyspring/core";
import type { CommandInput, CommandSpec } from "./command.ts";
import { COMMANDS, GROUPS } from "./commands/table/index.ts";

export interface ProgramParts {
  readonly version: string;
  readonly out: (text: string) => void;
  /** Runs the chosen command. */
  execute(spec: CommandSpec, input: CommandInput): Promise<void>;
}

/** The command line as commander knows it. Parsing errors are thrown as `USAGE`; help is printed to standard output. */
export function createProgram(parts: ProgramParts): Command {
  const program = new Command("keyspring")
    .description("Keeps the AWS credentials under Claude Code, and every AWS SDK, fresh.")
    .version(parts.version, "-V, --version", "print the version")
    .addHelpText(
      "after",
      example([
        ["keyspring demo", "watch the whole life cycle on a simulated AWS"],
        ["keyspring settings apply --profile acme", "let Claude Code use the profile `acme`"],
        ["keyspring status", "what is fresh, and for how long"],
      ]),
    );
  prepare(program, parts);
  const groups = new Map<string, Command>();
  for (const spec of COMMANDS) {
    const [first = "", second] = spec.path.split(" ");
    if (second === undefined) {
      program.addCommand(commandFor(spec, parts), { hidden: spec.hidden === true });
      continue;
    }
    let group = groups.get(first);
    if (group === undefined) {
      group = new Command(first).description(GROUPS[first] ?? "");
      prepare(group, parts);
      groups.set(first, group);
      program.addCommand(group);
    }
    group.addCommand(commandFor(spec, parts));
  }
  return program;
}

function commandFor(spec: CommandSpec, parts: ProgramParts): Command {
  const command = new Command(spec.path.split(" ").at(-1)).description(spec.summary);
  prepare(command, parts);
  for (const { flags, summary, choices } of spec.options ?? []) {
    const option = new Option(flags, summary);
    command.addOption(choices === undefined ? option : option.choices(choices));
  }
  for (const argument of spec.arguments ?? []) {
    const created = command.createArgument(argument.spec, argument.summary);
    command.addArgument(argument.choices === undefined ? created : created.choices(argument.choices));
  }
  if (spec.passThrough) command.passThroughOptions().allowUnknownOption(false);
  command.addHelpText("after", `${spec.details === undefined ? "" : `\n${spec.details}\n`}${example(spec.examples)}`);
  command.action(async (...given: unknown[]) => {
    const input: CommandInput = { options: command.opts(), arguments: given.slice(0, -2).flat().filter(isText) };
    await parts.execute(spec, input);
  });
  return command;
}

function prepare(command: Command, parts: ProgramParts): void {
  command
    .enablePositionalOptions()
    .helpOption("-h, --help", "show help with examples")
    .helpCommand(false)
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureOutput({ writeOut: parts.out, writeErr: () => {} });
}

/** What commander says about a wrong command line, in the two lines of every error; `undefined` if it was a call for help. */
export function usageError(error: CommanderError, argv: readonly string[]): CredentialError | undefined {
  if (error.exitCode === 0) return undefined;
  const words = argv.filter((word) => !word.startsWith("-"));
  const path = COMMANDS.map((spec) => spec.path).find((known) => words.join(" ").startsWith(known));
  const group = words[0] !== undefined && Object.hasOwn(GROUPS, words[0]) ? words[0] : undefined;
  const help = `keyspring ${path ?? group ?? ""}`.trim();
  if (error.code === "commander.help") {
    return new CredentialError("USAGE", group === undefined ? "no command given" : `\`keyspring ${group}\` needs a command`, {
      remedy: `See what there is: ${help} --help`,
    });
  }
  const message = error.message.replace(/^error: /, "").split("\n")[0]!;
  const wrong = /unknown (?:option|command) '([^']+)'/.exec(message)?.[1];
  const meant = wrong === undefined ? undefined : didYouMean(wrong, candidates(wrong, path, group));
  const remedy = meant === undefined ? `See what there is: ${help} --help` : `Did you mean \`${meant}\`? See: ${help} --help`;
  return new CredentialError("USAGE", message, { remedy });
}

function candidates(wrong: string, path: string | undefined, group: string | undefined): string[] {
  if (!wrong.startsWith("-")) {
    const names = COMMANDS.filter(({ hidden }) => !hidden).map((spec) => spec.path);
    return group === undefined
      ? [...new Set(names.map((name) => name.split(" ")[0]!))]
      : names.filter((name) => name.startsWith(`${group} `)).map((name) => name.split(" ")[1]!);
  }
  const spec = COMMANDS.find((known) => known.path === path);
  return ["--help", ...(spec?.options ?? []).map(({ flags }) => flags.split(/[ ,]/).find((word) => word.startsWith("--"))!)];
}

function example(examples: CommandSpec["examples"]): string {
  const lines = examples.map(([line, meaning]) => `  ${line}\n      ${meaning}`);
  return `\nExamples:\n${lines.join("\n")}\n`;
}

const isText = (value: unknown): value is string => typeof value === "string";
