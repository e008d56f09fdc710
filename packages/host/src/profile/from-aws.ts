import { CredentialError, invalidConfiguration, shellWord } from "@keyspring/core";
import type { AwsConfig, AwsSection } from "../aws/aws-config.ts";
import { refuseSourceProfileCycle } from "./cycles.ts";
import type { Origin, ProfileSelection } from "./profile-selection.ts";
import { withSession, type Filled } from "./sso-session.ts";

/** Options of the `sso` source and the keys of an AWS profile that they stand for. */
const SSO_KEYS = {
  start_url: "sso_start_url",
  region: "sso_region",
  scopes: "sso_registration_scopes",
  account_id: "sso_account_id",
  role_name: "sso_role_name",
} as const;

/** Keys that select a source which does not exist here, in the order in which the SDKs look for them. */
const OTHERS = [
  ["role_arn", "assumes a role"],
  ["web_identity_token_file", "uses a web identity token"],
  ["login_session", "uses the console sign-in of `aws login`"],
  ["aws_access_key_id", "has keys of its own"],
] as const;

/**
 * A profile of `~/.aws/config` as it is: `sso_*` keys select the source `sso`, `credential_process` selects `process`.
 * @throws CredentialError NOT_CONFIGURED if it gets its credentials in another way
 */
export function fromAws(profile: AwsSection, aws: AwsConfig): Omit<ProfileSelection, "chosenBy"> {
  refuseSourceProfileCycle(profile, aws);
  const has = (key: string): boolean => profile.entries.has(key);
  const isSso =
    has("sso_session") ||
    has("sso_start_url") ||
    (!has("credential_process") && (has("sso_account_id") || has("sso_role_name")));
  // Both SDKs that were compared look for a role before anything else.
  if (has("role_arn") || !(isSso || has("credential_process"))) throw noSource(profile);
  const filled = isSso ? ssoOptions(profile, aws) : processOptions(profile);
  const chosen = isSso
    ? (profile.entries.get("sso_session") ?? profile.entries.get("sso_start_url"))!
    : profile.entries.get("credential_process")!;
  const region = profile.entries.get("region");
  return {
    name: profile.name,
    source: isSso ? "sso" : "process",
    options: filled.options,
    claude: { env: {} },
    origins: {
      source: { file: chosen.file, line: chosen.line, layer: "aws-profile" },
      ...(region === undefined ? {} : { region: { file: region.file, line: region.line, layer: "aws-profile" as const } }),
      ...filled.origins,
    },
    warnings: warningsOf(profile, aws, isSso),
    ...(region === undefined || region.value === "" ? {} : { region: region.value }),
  };
}

function ssoOptions(profile: AwsSection, aws: AwsConfig): Filled {
  const options: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  for (const [option, key] of Object.entries(SSO_KEYS)) {
    const entry = profile.entries.get(key);
    if (entry === undefined) continue;
    options[option] = entry.value;
    origins[`options.${option}`] = { file: entry.file, line: entry.line, layer: "aws-profile" };
  }
  const session = profile.entries.get("sso_session");
  const needed = ["sso_account_id", "sso_role_name", ...(session === undefined ? ["sso_start_url", "sso_region"] : [])];
  const missing = needed.find((key) => !profile.entries.has(key));
  if (missing !== undefined)
    throw invalidConfiguration(
      `${profile.file}:${profile.line}: profile ${profile.name} has no ${missing}`,
      `Run: aws configure sso --profile ${shellWord(profile.name)}`,
    );
  if (session === undefined) return { options, origins };
  const withOrigin = {
    ...origins,
    "options.session": { file: session.file, line: session.line, layer: "aws-profile" as const },
  };
  return withSession({ options, origins: withOrigin }, session.value, aws, `${session.file}:${session.line}`);
}

function processOptions(profile: AwsSection): Filled {
  const { value, file, line } = profile.entries.get("credential_process")!;
  if (value === "") throw invalidConfiguration(`${file}:${line}: credential_process is empty`, "Write the command behind it.");
  const origin: Origin = { file, line, layer: "aws-profile" };
  const account = profile.entries.get("aws_account_id");
  // SDKs only look at it where the command tells no account; what is none is no reason to fail.
  const known = account !== undefined && /^\d{12}$/.test(account.value);
  return {
    options: { command: value, aws_profile: profile.name, ...(known && { aws_account_id: account.value }) },
    origins: {
      "options.command": origin,
      "options.aws_profile": { ...origin, line: profile.line, file: profile.file },
      ...(known && { "options.aws_account_id": { ...origin, line: account.line, file: account.file } }),
    },
  };
}

function noSource(profile: AwsSection): CredentialError {
  const found = OTHERS.find(([key]) => profile.entries.has(key));
  if (found === undefined)
    return new CredentialError(
      "NOT_CONFIGURED",
      `${profile.file}:${profile.line}: profile ${profile.name} says nothing about credentials`,
      { remedy: `Run: aws configure sso --profile ${shellWord(profile.name)}` },
    );
  const [key, why] = found;
  const { file, line } = profile.entries.get(key)!;
  return new CredentialError(
    "NOT_CONFIGURED",
    `${file}:${line}: profile ${profile.name} ${why} (${key}), which needs a source that this version does not have`,
    { remedy: "Name a profile with sso_session, sso_start_url or credential_process, or write one into config.toml." },
  );
}

function warningsOf(profile: AwsSection, aws: AwsConfig, isSso: boolean): string[] {
  const { entries, name } = profile;
  const chosen = isSso ? "its sso_* keys" : "its credential_process";
  const warnings: string[] = [];
  if (isSso && entries.has("credential_process"))
    warnings.push(
      `profile ${name} has sso_* keys and credential_process: Keyspring and the AWS CLI use the sso_* keys, the JavaScript SDK the command`,
    );
  if (entries.has("aws_access_key_id"))
    warnings.push(`profile ${name} has keys of its own as well, which SDKs may prefer; Keyspring uses ${chosen}`);
  const session = entries.get("sso_session")?.value;
  const titles = new Set([
    name,
    `profile ${name}`,
    `profile "${name}"`,
    `profile '${name}'`,
    ...(session === undefined ? [] : [`sso-session ${session}`]),
  ]);
  for (const { file, line, message, section } of aws.warnings)
    if (section !== undefined && titles.has(section)) warnings.push(`${file}:${line}: ${message}`);
  return warnings;
}
