import type { Services } from "./services.ts";

/** An option, as commander spells it: `--profile <name>`. */
export interface OptionSpec {
  readonly flags: string;
  readonly summary: string;
  readonly choices?: readonly string[];
  /** What tab completion offers for the value. */
  readonly completes?: "profile" | "file";
}

/** One command: what it is called, what its help says, and the function that does it, loaded when it is run. */
export interface CommandSpec {
  /** `export`, or `settings apply` for a command of a group. */
  readonly path: string;
  readonly summary: string;
  /** More than the summary, for `--help`. */
  readonly details?: string;
  readonly options?: readonly OptionSpec[];
  /** Positional arguments as commander spells them: `[shell]`, `<command...>`. */
  readonly arguments?: readonly { readonly spec: string; readonly summary: string; readonly choices?: readonly string[] }[];
  /** Whole command lines with a word on each. At least one. */
  readonly examples: readonly (readonly [line: string, meaning: string])[];
  /** Options are not read after the first positional argument. */
  readonly passThrough?: boolean;
  readonly hidden?: boolean;
  load(): Promise<CommandRun>;
}

/** Values of options (camelCase names) and positional arguments. */
export interface CommandInput {
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly arguments: readonly string[];
}

/** Resolves to the exit code; nothing means 0. Failures are thrown. */
export type CommandRun = (services: Services, input: CommandInput) => Promise<number | void>;

export const PROFILE_OPTION: OptionSpec = {
  flags: "--profile <name>",
  summary: "the profile; else KEYSPRING_PROFILE, else default_profile",
  completes: "profile",
};
export const JSON_OPTION: OptionSpec = { flags: "--json", summary: "for programs" };

/** The text value of an option, if it was given. */
export function text(input: CommandInput, name: string): string | undefined {
  const value = input.options[name];
  return typeof value === "string" ? value : undefined;
}
