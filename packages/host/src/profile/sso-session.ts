import { didYouMean, invalidConfiguration } from "@keyspring/core";
import type { AwsConfig, AwsEntry, AwsSection } from "../aws/aws-config.ts";
import type { Origin } from "./profile-selection.ts";

/** Options of the `sso` source and the keys of an sso-session that they stand for. */
const KEYS = { start_url: "sso_start_url", region: "sso_region", scopes: "sso_registration_scopes" } as const;

type SessionOption = keyof typeof KEYS;

export interface Filled {
  readonly options: Readonly<Record<string, unknown>>;
  readonly origins: Readonly<Record<string, Origin>>;
}

/**
 * The options with what the named `[sso-session]` adds.
 * @param where what names it, as `file:line`
 * @throws CredentialError INVALID_CONFIGURATION if there is none, or if the options say something else (as botocore does)
 */
export function withSession(filled: Filled, name: string, aws: AwsConfig, where: string): Filled {
  const session = aws.ssoSessions.get(name);
  if (session === undefined) throw aws.problems[0] ?? noSession(name, aws, where);
  const options: Record<string, unknown> = { ...filled.options, session: name };
  const origins: Record<string, Origin> = { ...filled.origins };
  for (const [option, key] of Object.entries(KEYS) as [SessionOption, string][]) {
    const entry = session.entries.get(key);
    if (entry === undefined) continue;
    if (options[option] === undefined) {
      options[option] = entry.value;
      origins[`options.${option}`] = { file: entry.file, line: entry.line, layer: "sso-session" };
    } else if (!isSame(option, options[option], entry.value)) throw conflict(option, key, origins, entry, name);
  }
  for (const option of ["start_url", "region"] as const)
    if (options[option] === undefined)
      throw invalidConfiguration(
        `${session.file}:${session.line}: [sso-session ${name}] has no ${KEYS[option]}`,
        `Add ${KEYS[option]}, or run: aws configure sso-session`,
      );
  return { options, origins };
}

/**
 * The name of an sso-session with the same portal and region, so that its sign-in is shared with the AWS CLI; `undefined` if there is
 * none, or if it would sign in for other scopes.
 */
export function matchingSession(options: Readonly<Record<string, unknown>>, aws: AwsConfig): string | undefined {
  const { start_url: url, region, scopes } = options;
  if (typeof url !== "string" || typeof region !== "string") return undefined;
  const matches = ({ entries }: AwsSection): boolean =>
    samePortal(entries.get("sso_start_url")?.value ?? "", url) &&
    entries.get("sso_region")?.value === region &&
    (scopes === undefined || isSame("scopes", scopes, entries.get("sso_registration_scopes")?.value ?? ""));
  return [...aws.ssoSessions.values()].find(matches)?.name;
}

function samePortal(a: string, b: string): boolean {
  return plainPortal(a) === plainPortal(b);
}

/** `https://acme.awsapps.com/start`, `…/start/` and `…/start#/` are one portal. */
function plainPortal(url: string): string {
  return url.replace(/[#/]+$/, "").toLowerCase();
}

function isSame(option: SessionOption, a: unknown, b: unknown): boolean {
  return option === "scopes" ? scopeList(a) === scopeList(b) : a === b;
}

/** Scopes as a list, or separated by commas as AWS writes them. */
function scopeList(value: unknown): string {
  const scopes = Array.isArray(value) ? value.map(String) : String(value).split(",");
  return scopes.map((scope) => scope.trim()).join();
}

function noSession(name: string, aws: AwsConfig, where: string): Error {
  const meant = didYouMean(name, aws.ssoSessions.keys());
  return invalidConfiguration(
    `${where}: there is no [sso-session ${name}] in ${aws.configFile}`,
    meant === undefined ? "Run: aws configure sso-session" : `Did you mean ${meant}?`,
  );
}

function conflict(
  option: string,
  key: string,
  origins: Readonly<Record<string, Origin>>,
  entry: AwsEntry,
  name: string,
): Error {
  const origin = origins[`options.${option}`];
  const there = origin === undefined ? "" : ` (${origin.file}${origin.line === undefined ? "" : `:${origin.line}`})`;
  return invalidConfiguration(
    `${entry.file}:${entry.line}: ${key} of [sso-session ${name}] is not what ${option} says elsewhere${there}`,
    "Remove one of the two, or make them equal.",
  );
}
