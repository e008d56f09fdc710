import type { CommandSpec, OptionSpec } from "../command.ts";

/** One word that may stand where the cursor is. */
export interface Completion {
  readonly value: string;
  /** A word on it, for shells that show one. */
  readonly meaning: string;
}

export interface Known {
  readonly commands: readonly CommandSpec[];
  /** Words for the groups of commands. */
  readonly groups: Readonly<Record<string, string>>;
  readonly profiles: readonly string[];
}

const HELP: OptionSpec = { flags: "-h, --help", summary: "show help with examples" };

/**
 * What may follow. Nothing where only the person knows: the shell then offers files.
 * @param words after the program's name; the last one is being typed and may be empty
 */
export function completionsFor(words: readonly string[], known: Known): Completion[] {
  const before = words.slice(0, -1);
  const typed = words.at(-1) ?? "";
  return offersFor(before, typed, known).filter(({ value }) => value.startsWith(typed));
}

function offersFor(before: readonly string[], typed: string, known: Known): Completion[] {
  const visible = known.commands.filter(({ hidden }) => hidden !== true);
  const command = visible.find(({ path }) => `${before.join(" ")} `.startsWith(`${path} `));
  if (command !== undefined) return withinCommand(command, before.slice(command.path.split(" ").length), typed, known);
  if (typed.startsWith("-"))
    return before.length === 0 ? [offer("--help", HELP.summary), offer("--version", "print the version")] : [];
  if (before.length === 0) return firstWords(visible, known.groups);
  const [group] = before;
  if (before.length > 1 || group === undefined || !Object.hasOwn(known.groups, group)) return [];
  return visible
    .filter(({ path }) => path.startsWith(`${group} `))
    .map(({ path, summary }) => offer(path.split(" ")[1]!, summary));
}

function firstWords(commands: readonly CommandSpec[], groups: Known["groups"]): Completion[] {
  const words = new Map<string, string>();
  for (const { path, summary } of commands) {
    const [first = "", second] = path.split(" ");
    words.set(first, second === undefined ? summary : (groups[first] ?? ""));
  }
  return [...words].map(([value, meaning]) => offer(value, meaning));
}

function withinCommand(command: CommandSpec, before: readonly string[], typed: string, { profiles }: Known): Completion[] {
  const options = [...(command.options ?? []), HELP];
  const valued = (word: string | undefined): OptionSpec | undefined =>
    options.find((option) => nameOf(option) === word && takesValue(option));
  const positional = before.filter((word, index) => !word.startsWith("-") && valued(before[index - 1]) === undefined);
  // From here on the words belong to another command.
  if (command.passThrough === true && (positional.length > 0 || before.includes("--"))) return [];

  const asked = valued(before.at(-1));
  if (asked !== undefined) return valuesOf(asked, profiles).map((value) => offer(value, ""));
  const [name, value] = typed.split("=", 2);
  const assigned = value === undefined ? undefined : valued(name);
  if (assigned !== undefined) return valuesOf(assigned, profiles).map((one) => offer(`${name}=${one}`, ""));

  const unused = options
    .filter((option) => !before.includes(nameOf(option)))
    .map((option) => offer(nameOf(option), option.summary));
  if (typed.startsWith("-")) return unused;
  const argument = command.arguments?.[positional.length];
  if (argument?.choices !== undefined) return argument.choices.map((choice) => offer(choice, ""));
  return argument === undefined && typed === "" ? unused : [];
}

const valuesOf = ({ choices, completes }: OptionSpec, profiles: readonly string[]): readonly string[] =>
  choices ?? (completes === "profile" ? profiles : []);
const nameOf = ({ flags }: OptionSpec): string => /--[\w-]+/.exec(flags)![0];
const takesValue = ({ flags }: OptionSpec): boolean => flags.includes("<");
const offer = (value: string, meaning: string): Completion => ({ value, meaning });
