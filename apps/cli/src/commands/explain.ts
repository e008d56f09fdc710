import { text, type CommandInput } from "../command.ts";
import type { Services } from "../services.ts";

/** Option names whose values are for nobody's eyes, whatever source they belong to. */
const SECRET_NAME = /secret|password|passwd|token|credential|headers|(?:^|_)key$/i;

const HIDDEN = "[not shown]";

export async function runExplain(services: Services, input: CommandInput): Promise<void> {
  const { profiles, targets, redactor, terminal, folders } = services;
  const selection = await profiles.select(text(input, "profile"));
  const { key } = await targets.of(selection);
  const shown = (name: string, value: unknown): string => {
    if (SECRET_NAME.test(name)) return HIDDEN;
    return redactor.redact(typeof value === "string" ? value : JSON.stringify(withoutTables(value)));
  };
  const values = Object.entries(selection.options).map(([name, value]) => {
    const origin = selection.origins[`options.${name}`];
    return { name, value: shown(name, value), ...(origin === undefined ? {} : { from: origin }) };
  });
  const report = {
    profile: selection.name,
    chosenBy: selection.chosenBy,
    ...(selection.organization === undefined ? {} : { organization: selection.organization }),
    source: selection.source,
    values,
    claude: {
      ...selection.claude,
      env: Object.fromEntries(Object.entries(selection.claude.env).map(([name, value]) => [name, shown(name, value)])),
    },
    warnings: selection.warnings,
    policy: { allowed: true, reason: "no policy is installed" },
    store: services.platform.path.join(folders.state, "credentials"),
    storeKey: key.slice(0, 16),
  };
  terminal.out(input.options["json"] === true ? `${JSON.stringify(report, undefined, 2)}\n` : words(report));
}

/** Without the values of tables: variables for a script and the like may be secret whatever they are called. */
function withoutTables(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTables);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.keys(value).map((name) => [name, HIDDEN]));
}

const CHOSEN: Readonly<Record<string, string>> = {
  flag: "named by --profile",
  environment: "named by KEYSPRING_PROFILE",
  default: "default_profile of config.toml",
  only: "the only profile of config.toml",
  "aws-profile": "named by AWS_PROFILE",
};

interface Report {
  readonly profile: string;
  readonly chosenBy: string;
  readonly organization?: string;
  readonly source: string;
  readonly values: readonly {
    readonly name: string;
    readonly value: string;
    readonly from?: { readonly file: string; readonly line?: number | undefined; readonly layer: string };
  }[];
  readonly claude: { readonly region?: string | undefined };
  readonly warnings: readonly string[];
  readonly policy: { readonly reason: string };
  readonly store: string;
}

function words(report: Report): string {
  const lines = [
    `profile       ${report.profile} (${CHOSEN[report.chosenBy] ?? report.chosenBy})`,
    ...(report.organization === undefined ? [] : [`organization  ${report.organization}`]),
    `source        ${report.source}`,
    ...report.values.map(({ name, value, from }) => {
      const where =
        from === undefined ? "" : `   ← ${from.layer}, ${from.file}${from.line === undefined ? "" : `:${from.line}`}`;
      return `  ${name} = ${value}${where}`;
    }),
    ...(report.claude.region === undefined ? [] : [`Bedrock       ${report.claude.region}`]),
    `policy        ${report.policy.reason}`,
    `store         ${report.store}`,
    ...report.warnings.map((warning) => `⚠ ${warning}`),
  ];
  return `${lines.join("\n")}\n`;
}
