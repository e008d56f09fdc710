import { parseDuration } from "@keyspring/core";
import * as v from "valibot";

const word = v.pipe(v.string("must be a text"), v.minLength(1, "must not be empty"));

export interface ProcessOptions {
  /** A line as in an AWS profile, or program and arguments. */
  readonly command: string | string[];
  readonly timeout: string;
  readonly aws_profile?: string | undefined;
  readonly aws_account_id?: string | undefined;
}

const optionsSchema = v.strictObject(
  {
    command: v.pipe(
      v.union(
        [word, v.pipe(v.array(word, "must be a list of texts"), v.minLength(1, "must name a program"))],
        "must be a text as in an AWS profile, or a list of texts",
      ),
      v.description("The credential_process: a line as in an AWS profile, or program and arguments"),
    ),
    timeout: v.optional(
      v.pipe(
        v.string('must be a text such as "20s"'),
        v.regex(/^\s*(?:\d+(?:\.\d+)?\s*(?:ms|s|m|h)\s*)+$/, 'must be a duration such as "20s" or "2m"'),
        v.description("How long the command may take"),
      ),
      "60s",
    ),
    aws_profile: v.optional(v.pipe(word, v.description("The AWS profile it was taken from, for messages"))),
    aws_account_id: v.optional(
      v.pipe(
        v.string("must be a text"),
        v.regex(/^\d{12}$/, "must be 12 digits"),
        v.description("The account, if the command does not tell"),
      ),
    ),
  },
  (issue) =>
    issue.expected === "never" ? "there is no such option" : issue.received === "undefined" ? "is missing" : "must be a table",
);

/** The options as they stand in config.toml; plain enough to become a JSON Schema. */
export const processOptionsSchema: v.GenericSchema<unknown, ProcessOptions> = optionsSchema;

export const PROCESS_OPTION_KEYS: readonly string[] = Object.keys(optionsSchema.entries);

export const processOptions: v.GenericSchema<unknown, ProcessOptions> = v.pipe(
  optionsSchema,
  v.forward(
    v.check(({ timeout }) => {
      const milliseconds = parseDuration(timeout);
      return milliseconds !== undefined && milliseconds >= 100 && milliseconds <= 3_600_000;
    }, "must be from 100ms to 1h"),
    ["timeout"],
  ),
);
