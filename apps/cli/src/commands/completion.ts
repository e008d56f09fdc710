import type { CommandInput } from "../command.ts";
import { completionsFor } from "../completion/answers.ts";
import { COMPLETION_SCRIPTS } from "../completion/scripts.ts";
import type { Services } from "../services.ts";
import { COMMANDS, GROUPS } from "./table/index.ts";

export async function runCompletion({ terminal }: Services, input: CommandInput): Promise<void> {
  terminal.out(COMPLETION_SCRIPTS[input.arguments[0]!]!);
}

/** Answers a script's question at a TAB: `value<TAB>meaning` lines. Whatever is wrong with the configuration, it stays silent about it. */
export async function runComplete({ terminal, profiles }: Services, input: CommandInput): Promise<void> {
  const words = input.arguments.map((word) => (word === '""' ? "" : word));
  const names = new Set<string>();
  try {
    for (const name of (await profiles.config()).profiles.keys()) names.add(name);
    for (const name of (await profiles.awsConfig()).profiles.keys()) names.add(name);
  } catch {
    // A broken file is what `status` complains about.
  }
  const answers = completionsFor(words, { commands: COMMANDS, groups: GROUPS, profiles: [...names] });
  terminal.out(answers.map(({ value, meaning }) => `${value}\t${meaning}\n`).join(""));
}
