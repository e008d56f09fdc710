import tab from "@bomb.sh/tab";
import type { CommandInput, OptionSpec } from "../command.ts";
import type { Services } from "../services.ts";
import { COMMANDS } from "./index.ts";

export async function runCompletion({ terminal }: Services, input: CommandInput): Promise<void> {
  describeCommands([]);
  capture(terminal.out, () => tab.setup("keyspring", "keyspring", input.arguments[0] ?? "bash"));
}

/** Answers the script's question at a TAB. Whatever is wrong with the configuration, completion stays silent about it. */
export async function runComplete({ terminal, profiles }: Services, input: CommandInput): Promise<void> {
  const names: string[] = [];
  try {
    names.push(...(await profiles.config()).profiles.keys(), ...(await profiles.awsConfig()).profiles.keys());
  } catch {
    // A broken file is what `status` complains about.
  }
  describeCommands([...new Set(names)]);
  capture(terminal.out, () => tab.parse([...input.arguments]));
}

function describeCommands(profiles: readonly string[]): void {
  for (const spec of COMMANDS.filter(({ hidden }) => !hidden)) {
    const command = tab.command(spec.path, spec.summary);
    for (const option of spec.options ?? []) {
      const name = /--([\w-]+)/.exec(option.flags)![1]!;
      if (option.flags.includes("<"))
        command.option(name, option.summary, (offer) => valuesOf(option, profiles).forEach((value) => offer(value, "")));
      else command.option(name, option.summary);
    }
    for (const { spec: argument, choices } of spec.arguments ?? []) {
      if (choices !== undefined)
        command.argument(argument.replaceAll(/[<>[\].]/g, ""), (offer) => choices.forEach((value) => offer(value, "")));
    }
  }
}

const valuesOf = (option: OptionSpec, profiles: readonly string[]): readonly string[] =>
  option.choices ?? (option.completes === "profile" ? profiles : []);

/** The library prints to the console; here everything printed goes through the terminal. */
function capture(out: (text: string) => void, work: () => void): void {
  const original = console.log;
  console.log = (...words: unknown[]) => out(`${words.join(" ")}\n`);
  try {
    work();
  } finally {
    console.log = original;
  }
}
