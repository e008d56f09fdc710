import { CredentialError, didYouMean, invalidConfiguration } from "@keyspring/core";
import { parse, TomlError } from "smol-toml";
import * as v from "valibot";
import { lineFinder, type Config, type ConfigProfile, type Organization } from "./config.ts";
import { configSchema, knownKeys, type WrittenConfig, type WrittenOrganization, type WrittenProfile } from "./schema.ts";
import { tomlStatements } from "./toml-statements.ts";

/**
 * config.toml from its text. Messages name keys and lines, never values: an option may be a secret.
 * @throws CredentialError INVALID_CONFIGURATION
 */
export function parseConfig(text: string, file: string): Config {
  const document = parseToml(text, file);
  const lineOf = lineFinder(tomlStatements(text));
  const result = v.safeParse(configSchema, document);
  if (!result.success) {
    // A misspelt key is usually also why another one is missing.
    const unknown = result.issues.find((issue) => issue.type === "strict_object" && issue.expected === "never");
    throw explained(unknown ?? result.issues[0], file, lineOf);
  }
  const config = read(result.output, file, lineOf);
  for (const [name, profile] of config.profiles) checkProfile(name, profile, at(file, lineOf("profiles", name)));
  return config;
}

function checkProfile(name: string, { organization, source }: ConfigProfile, where: string): void {
  if ((organization === undefined) !== (source === undefined)) return;
  const wrong = organization === undefined ? "names no organization" : "names both an organization and a source";
  throw invalidConfiguration(
    `${where}: profile ${name} ${wrong}`,
    `Write organization = "…" under [profiles.${name}], and no source.`,
  );
}

/** `file:12`, or the file alone. */
export function at(file: string, line: number | undefined): string {
  return line === undefined ? file : `${file}:${line}`;
}

function parseToml(text: string, file: string): unknown {
  try {
    return parse(text.replace(/^\uFEFF/, ""), { unsafeKeyBehaviour: "throw" });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // What follows the first line of the message quotes the document.
    const why = error.message.split("\n")[0]!.replace(/^Invalid TOML document: /, "");
    throw new CredentialError("INVALID_CONFIGURATION", `${file}:${error.line}:${error.column}: ${why}`, {
      remedy: `Correct line ${error.line}; text stands in quotes: key = "value".`,
    });
  }
}

function read(written: WrittenConfig, file: string, lineOf: Config["lineOf"]): Config {
  return {
    file,
    ...(written.default_profile === undefined ? {} : { defaultProfile: written.default_profile }),
    organizations: new Map(Object.entries(written.organizations ?? {}).map(([name, one]) => [name, organizationOf(one)])),
    profiles: new Map(Object.entries(written.profiles ?? {}).map(([name, one]) => [name, profileOf(one)])),
    lineOf,
  };
}

function organizationOf({ claude, options, ...rest }: WrittenOrganization): Organization {
  return { ...rest, options: options ?? {}, claude: { ...claude, env: claude?.env ?? {} } };
}

function profileOf({ options, ...rest }: WrittenProfile): ConfigProfile {
  return { ...rest, options: options ?? {} };
}

function explained(issue: v.BaseIssue<unknown>, file: string, lineOf: Config["lineOf"]): CredentialError {
  const path = (issue.path ?? []).map(({ key }) => String(key));
  const where = at(file, lineOf(...path));
  const table = path.slice(0, -1);
  const key = path.at(-1) ?? "";
  const inTable = table.length === 0 ? "" : ` in [${table.join(".")}]`;
  if (issue.type === "strict_object" && issue.expected === "never")
    return invalidConfiguration(`${where}: unknown key ${key}${inTable}`, remedyForUnknown(key, table));
  if (issue.type === "strict_object" && issue.received === "undefined")
    return invalidConfiguration(`${where}: ${key} is missing${inTable}`, `Write ${key} = "…" under [${table.join(".")}].`);
  return invalidConfiguration(`${where}: ${path.join(".")} ${issue.message}`, `Correct ${path.join(".")} in ${file}.`);
}

function remedyForUnknown(key: string, table: readonly string[]): string {
  const known = knownKeys(table) ?? [];
  const meant = didYouMean(key, known);
  if (meant !== undefined) return `Did you mean ${meant}?`;
  const options = known.includes("options")
    ? ` What the source is told stands under [${[...table, "options"].join(".")}].`
    : "";
  return `Known here: ${known.join(", ")}.${options}`;
}
