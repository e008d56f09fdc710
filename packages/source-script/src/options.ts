import { parseDuration } from "@keyspring/core";
import * as v from "valibot";

const MINUTE = 60_000;

const word = v.pipe(v.string("must be a text"), v.minLength(1, "must not be empty"));
const commandSchema = v.union(
  [
    v.pipe(v.array(word, "must be a list of texts"), v.minLength(1, "must name a program")),
    v.pipe(word, v.description("A command line for the system's shell; needs shell = true")),
  ],
  'must be a list of texts, e.g. ["/opt/acme/grant.sh", "--json"]',
);
const duration = v.pipe(
  v.string('must be a text such as "20s"'),
  v.regex(/^\s*(?:\d+(?:\.\d+)?\s*(?:ms|s|m|h)\s*)+$/, 'must be a duration such as "20s" or "2m"'),
);

type Command = string | string[];

export interface ScriptOptions {
  /** Program and arguments; a text only with `shell`. */
  readonly command: Command;
  readonly sign_in_command?: Command | undefined;
  readonly timeout: string;
  readonly sign_in_timeout: string;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly working_directory?: string | undefined;
  readonly section?: string | undefined;
  /** Bytes. */
  readonly output_limit: number;
  readonly shell: boolean;
  readonly sign_in_exit_codes: readonly number[];
}

const optionsSchema = v.strictObject(
  {
    command: v.pipe(commandSchema, v.description("Prints credentials, without a human: program (absolute path) and arguments")),
    sign_in_command: v.optional(
      v.pipe(commandSchema, v.description("Signs in with a human's help, so that `command` succeeds afterwards")),
    ),
    timeout: v.optional(v.pipe(duration, v.description("How long `command` may take")), "30s"),
    sign_in_timeout: v.optional(v.pipe(duration, v.description("How long `sign_in_command` may take")), "160s"),
    env: v.optional(
      v.pipe(
        v.record(
          v.pipe(v.string(), v.regex(/^[A-Za-z_]\w*$/, "is no name of a variable")),
          v.string("must be a text"),
          "must be a table of texts",
        ),
        v.description("Variables for both commands, besides the user's own environment"),
      ),
    ),
    working_directory: v.optional(v.pipe(word, v.description("Where both commands run; the home folder if absent"))),
    section: v.optional(v.pipe(word, v.description("Which section to take if the command prints INI text with several"))),
    output_limit: v.optional(
      v.pipe(
        v.number("must be a number of bytes"),
        v.integer("must be a whole number of bytes"),
        v.minValue(1024, "must be at least 1024 bytes"),
        v.maxValue(4_194_304, "must be at most 4194304 bytes"),
        v.description("Bytes that `command` may print"),
      ),
      1_048_576,
    ),
    shell: v.optional(
      v.pipe(v.boolean("must be true or false"), v.description("Run the commands, given as texts, through the system's shell")),
      false,
    ),
    sign_in_exit_codes: v.optional(
      v.pipe(
        v.array(
          v.pipe(
            v.number("must be a number"),
            v.integer("must be a whole number"),
            v.minValue(1, "must be 1 to 255"),
            v.maxValue(255, "must be 1 to 255"),
          ),
          "must be a list of numbers",
        ),
        v.description("Exit codes of `command` that mean: a person has to sign in"),
      ),
      [3],
    ),
  },
  (issue) =>
    issue.expected === "never" ? "there is no such option" : issue.received === "undefined" ? "is missing" : "must be a table",
);

/** The options as they stand in config.toml; plain enough to become a JSON Schema. */
export const scriptOptionsSchema: v.GenericSchema<unknown, ScriptOptions> = optionsSchema;

export const SCRIPT_OPTION_KEYS: readonly string[] = Object.keys(optionsSchema.entries);

/** The same, and what depends on several of them. */
export const scriptOptions: v.GenericSchema<unknown, ScriptOptions> = v.pipe(
  optionsSchema,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const refuse = (key: keyof ScriptOptions, message: string): void => {
      const value = dataset.value[key];
      addIssue({ message, path: [{ type: "object", origin: "value", input: dataset.value, key, value }] });
    };
    for (const key of ["command", "sign_in_command"] as const) {
      const isText = typeof dataset.value[key] === "string";
      if (isText && !dataset.value.shell)
        refuse(key, "a command line needs shell = true; better give a list: program, then arguments");
      if (!isText && dataset.value[key] !== undefined && dataset.value.shell)
        refuse(key, "with shell = true give one text, not a list");
    }
    for (const key of ["timeout", "sign_in_timeout"] as const) {
      const milliseconds = parseDuration(dataset.value[key]);
      if (milliseconds === undefined || milliseconds < 100 || milliseconds > 60 * MINUTE)
        refuse(key, "must be from 100ms to 1h");
    }
  }),
);
