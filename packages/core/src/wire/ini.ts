import type { AwsCredentialIdentity } from "../identity.ts";
import { checkedIdentity } from "./check.ts";
import { printExpiration } from "./expiration.ts";
import { identityFrom, type RawFields, type Spelling } from "./fields.ts";
import { invalidOutput, shownNames } from "./problem.ts";
import { fieldsAmong, hasKey } from "./synonyms.ts";

export const INI_SPELLING: Spelling = {
  accessKeyId: "aws_access_key_id",
  secretAccessKey: "aws_secret_access_key",
  sessionToken: "aws_session_token",
  expiration: "x_security_token_expires",
  accountId: "aws_account_id",
  credentialScope: "aws_credential_scope",
};

export interface IniSection {
  /** As in `[name]` or `[profile name]`; `undefined` for keys before any header. */
  readonly name: string | undefined;
  readonly fields: RawFields;
}

/**
 * A section of `~/.aws/credentials`, no line end after the last line. The expiration goes where saml2aws and others put it; SDKs pass
 * over it.
 * @throws CredentialError INVALID_OUTPUT for values that an INI file cannot hold
 */
export function printIniSection(name: string, identity: AwsCredentialIdentity): string {
  if (!/^[\w.@%+:/-]+(?: [\w.@%+:/-]+)*$/.test(name))
    throw invalidOutput("a section's name holds a character that INI files do not allow");
  const { accessKeyId, secretAccessKey, sessionToken, expiration, accountId } = checkedIdentity(
    identity,
    Number.NEGATIVE_INFINITY,
  );
  return [
    `[${name}]`,
    `aws_access_key_id = ${accessKeyId}`,
    `aws_secret_access_key = ${secretAccessKey}`,
    ...(sessionToken === undefined ? [] : [`aws_session_token = ${sessionToken}`]),
    ...(expiration === undefined ? [] : [`x_security_token_expires = ${printExpiration(expiration)}`]),
    ...(accountId === undefined ? [] : [`aws_account_id = ${accountId}`]),
  ].join("\n");
}

/**
 * Credentials from INI text: those of the named section, or of the only one that has any.
 * @throws CredentialError INVALID_OUTPUT, also if several sections have some and none was named
 */
export function parseIniSection(text: string, section?: string): AwsCredentialIdentity {
  const chosen = chooseSection(iniSections(text), section);
  if (chosen === undefined) throw invalidOutput("the output has no INI section with credentials");
  return identityFrom(chosen.fields, INI_SPELLING, chosen.name === undefined ? "the output" : "the section");
}

/** @throws CredentialError INVALID_OUTPUT if the choice is not clear */
export function chooseSection(sections: readonly IniSection[], wanted?: string): IniSection | undefined {
  const names = shownNames(sections.flatMap(({ name }) => name ?? []));
  if (wanted === undefined) {
    if (sections.length > 1)
      throw invalidOutput(`several sections hold credentials: ${names}`, 'Name one by `section = "…"` in the options.');
    return sections[0];
  }
  const found = sections.find(({ name }) => name === wanted);
  if (found === undefined && sections.length > 0)
    throw invalidOutput(
      `no section of the wanted name holds credentials; there is: ${names}`,
      "Correct `section` in the options.",
    );
  return found;
}

/** The sections that hold credentials, unchecked; keys are `aws_…` in lower case, one per line. A repeated header goes on with its section. */
export function iniSections(text: string): IniSection[] {
  const sections = new Map<string | undefined, [string, string][]>();
  let current: [string, string][] = [];
  sections.set(undefined, current);
  for (const line of text.split(/\r\n|\n|\r/)) {
    const header = /^\s*\[\s*(?:profile\s+)?(["']?)([^\]"']{1,128})\1\s*\]\s*(?:[#;].*)?$/.exec(line);
    if (header !== null) {
      const name = header[2]!.trim();
      current = sections.get(name) ?? [];
      sections.set(name, current);
    }
    const entry = /^\s*((?:aws|x)_[a-z_]{1,40}|expiration)\s*=\s*(\S.*)$/.exec(line);
    if (entry !== null) current.push([entry[1]!, valueOf(entry[2]!)]);
  }
  return [...sections]
    .map(([name, entries]) => ({ name, fields: fieldsAmong(entries, name === undefined ? "the output" : "a section") }))
    .filter(({ fields }) => hasKey(fields));
}

/** No AWS value holds a blank, so a comment mark after one begins a comment, as the JS SDK has it. */
function valueOf(text: string): string {
  const value = text.replace(/\s[#;].*$/, "").trim();
  const quoted = /^(["'])(.*)\1$/.exec(value);
  return quoted === null ? value : quoted[2]!;
}
