import * as v from "valibot";

/** Names are written into commands and file names, so nothing in them needs quoting anywhere. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.@+-]{0,99}$/;
/** https://docs.npmjs.com/cli/configuring-npm/package-json#name */
const PACKAGE = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]{0,213}$/;
const REGION = /^[a-z]{2,}(?:-[a-z0-9]+)+-\d+$/;
const VARIABLE = /^[A-Z_][A-Z0-9_]*$/;

const text = v.string("must be text in quotes");
const oneLine = v.pipe(text, v.regex(/^[^\r\n]*$/, "must be one line"), v.maxLength(500, "must be at most 500 characters"));
const name = v.pipe(
  text,
  v.regex(NAME, "must be a name: letters, digits and . _ @ + -, at most 100, not beginning with . @ + or -"),
);
const source = v.pipe(
  text,
  v.regex(PACKAGE, "must be sso, script, process or the exact name of an installed plugin"),
  v.description("A built-in source (sso, script, process), or the exact package name of an installed plugin"),
);
const region = v.pipe(text, v.regex(REGION, "must be an AWS region such as eu-west-1"));
const description = v.pipe(oneLine, v.description("For people"));
const options = v.pipe(
  v.record(v.string(), v.unknown(), "must be a table"),
  v.description("What the source is told; `keyspring explain` shows where each one comes from"),
);

const claude = v.pipe(
  v.strictObject(
    {
      region: v.exactOptional(v.pipe(region, v.description("The region that Claude Code calls Bedrock in"))),
      env: v.exactOptional(
        v.pipe(
          v.record(
            v.pipe(v.string(), v.regex(VARIABLE, "must be the name of an environment variable: capital letters, digits, _")),
            text,
            "must be a table",
          ),
          v.description("Environment variables that `keyspring settings apply` writes into Claude Code's settings"),
        ),
      ),
    },
    "must be a table",
  ),
  v.description("Companions of the credentials in Claude Code's settings"),
);

const organization = v.strictObject(
  { source, description: v.exactOptional(description), options: v.exactOptional(options), claude: v.exactOptional(claude) },
  "must be a table",
);

const profile = v.strictObject(
  {
    organization: v.exactOptional(v.pipe(name, v.description("Whose source and options this profile uses"))),
    source: v.exactOptional(source),
    description: v.exactOptional(description),
    region: v.exactOptional(v.pipe(region, v.description("The region of the workload"))),
    options: v.exactOptional(options),
  },
  "must be a table",
);

const config = v.strictObject({
  default_profile: v.exactOptional(v.pipe(name, v.description("The profile of commands that name none"))),
  organizations: v.exactOptional(v.record(name, organization, "must be a table")),
  profiles: v.exactOptional(v.record(name, profile, "must be a table")),
});

/** `[organizations.<name>]`, as it is written. */
export interface WrittenOrganization {
  readonly source: string;
  readonly description?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly claude?: { readonly region?: string; readonly env?: Readonly<Record<string, string>> };
}

/** `[profiles.<name>]`, as it is written. */
export interface WrittenProfile {
  readonly organization?: string;
  readonly source?: string;
  readonly description?: string;
  readonly region?: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** config.toml, as it is written. */
export interface WrittenConfig {
  readonly default_profile?: string;
  readonly organizations?: Readonly<Record<string, WrittenOrganization>>;
  readonly profiles?: Readonly<Record<string, WrittenProfile>>;
}

export const configSchema: v.GenericSchema<unknown, WrittenConfig> = config;

/** The keys that a table of config.toml may hold; `undefined` where names are free. */
export function knownKeys(path: readonly string[]): readonly string[] | undefined {
  const [first, , third] = path;
  if (path.length === 0) return Object.keys(config.entries);
  if (path.length === 2 && first === "organizations") return Object.keys(organization.entries);
  if (path.length === 2 && first === "profiles") return Object.keys(profile.entries);
  return path.length === 3 && first === "organizations" && third === "claude" ? ["region", "env"] : undefined;
}
