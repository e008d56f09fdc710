import { type CredentialError, invalidConfiguration, isCredentialError, type Platform, shellWord } from "@keyspring/core";
import { writtenPath } from "../written-path.ts";
import type { AwsConfig, AwsEntry, AwsSection, AwsWarning } from "./aws-config.ts";
import { parseIni, type IniSection } from "./parse-ini.ts";
import { configTitle, credentialsTitle, type SectionTitle } from "./section-title.ts";

const SIZE_LIMIT = 4 * 1024 * 1024;
/** Not needed here, so not kept in memory. */
const SECRET = new Set(["aws_secret_access_key", "aws_session_token", "aws_security_token"]);

interface Collected {
  readonly profiles: Map<string, AwsSection>;
  readonly ssoSessions: Map<string, AwsSection>;
  readonly services: Map<string, AwsSection>;
  readonly warnings: AwsWarning[];
}

/**
 * The files that the AWS CLI and SDKs share: `AWS_CONFIG_FILE` or `~/.aws/config`, and `AWS_SHARED_CREDENTIALS_FILE` or
 * `~/.aws/credentials`. A missing file is an empty one; one that cannot be read is named in `problems`.
 */
export async function readAwsConfig(platform: Platform): Promise<AwsConfig> {
  const configFile = awsConfigFile(platform);
  const credentialsFile = sharedFile(platform, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
  const problems: CredentialError[] = [];
  const textOf = async (file: string): Promise<string> => {
    try {
      return (await readSharedFile(platform, file)) ?? "";
    } catch (error) {
      if (!isCredentialError(error)) throw error;
      problems.push(error);
      return "";
    }
  };
  const [config, credentials] = await Promise.all([textOf(configFile), textOf(credentialsFile)]);
  const collected: Collected = { profiles: new Map(), ssoSessions: new Map(), services: new Map(), warnings: [] };
  collect(config, configFile, configTitle, collected);
  collect(credentials, credentialsFile, credentialsTitle, collected);
  return { configFile, credentialsFile, problems, ...collected };
}

export function awsConfigFile(platform: Platform): string {
  return sharedFile(platform, "AWS_CONFIG_FILE", "config");
}

function sharedFile(platform: Platform, variable: string, name: string): string {
  const chosen = platform.env[variable];
  if (chosen === undefined || chosen === "") return platform.path.join(platform.home, ".aws", name);
  return writtenPath(platform, chosen);
}

/**
 * The text of one of them; `undefined` if there is none.
 * @throws CredentialError INVALID_CONFIGURATION if it is there but cannot be read
 */
export async function readSharedFile(platform: Platform, file: string): Promise<string | undefined> {
  let text: string | undefined;
  try {
    text = await platform.files.readText(file);
  } catch (error) {
    throw invalidConfiguration(`${file} cannot be read`, `Look at it: ls -l ${shellWord(file)}`, error);
  }
  if (text !== undefined && text.length > SIZE_LIMIT)
    throw invalidConfiguration(`${file} is longer than 4 MiB`, `Look at what is in there: head -c 1000 ${shellWord(file)}`);
  return text;
}

function collect(text: string, file: string, titleOf: (title: string) => SectionTitle, into: Collected): void {
  const { sections, warnings } = parseIni(text);
  for (const { line, message } of warnings) {
    const section = sections.findLast((one) => one.line <= line)?.title;
    into.warnings.push({ file, line, message, ...(section === undefined ? {} : { section }) });
  }
  const seen = new Set<string>();
  for (const section of sections) {
    const { kind, name, warning } = titleOf(section.title);
    const warn = (message: string): void =>
      void into.warnings.push({ file, line: section.line, message, section: section.title });
    if (warning !== undefined) warn(warning);
    if (kind === "foreign") continue;
    if (seen.has(section.title))
      warn(`[${section.title}] stands here twice: boto3 and the AWS CLI refuse the whole file, other SDKs join them`);
    seen.add(section.title);
    const all = kind === "profile" ? into.profiles : kind === "sso-session" ? into.ssoSessions : into.services;
    all.set(name, joined(all.get(name), name, file, section));
  }
}

/** Key by key, the later one wins: the credentials file is collected after the config file. */
function joined(before: AwsSection | undefined, name: string, file: string, section: IniSection): AwsSection {
  const entries = new Map<string, AwsEntry>(before?.entries);
  for (const [key, entry] of section.entries) entries.set(key, { ...entry, value: SECRET.has(key) ? "" : entry.value, file });
  return { name, file: before?.file ?? file, line: before?.line ?? section.line, entries };
}
