import type { FieldName, RawFields } from "./fields.ts";
import { invalidOutput, shownNames } from "./problem.ts";

/** Every name under which tools print the fields, in lower case and without `_` and `-`. */
const FIELD_OF: ReadonlyMap<string, FieldName> = new Map([
  ["accesskeyid", "accessKeyId"],
  ["awsaccesskeyid", "accessKeyId"],
  ["awsaccesskey", "accessKeyId"],
  ["secretaccesskey", "secretAccessKey"],
  ["awssecretaccesskey", "secretAccessKey"],
  ["awssecretkey", "secretAccessKey"],
  ["sessiontoken", "sessionToken"],
  ["awssessiontoken", "sessionToken"],
  ["token", "sessionToken"],
  ["securitytoken", "sessionToken"],
  ["awssecuritytoken", "sessionToken"],
  ["expiration", "expiration"],
  ["expiresat", "expiration"],
  ["awscredentialexpiration", "expiration"],
  ["awscredentialsexpiration", "expiration"],
  ["awssessionexpiration", "expiration"],
  ["awsexpiration", "expiration"],
  ["xsecuritytokenexpires", "expiration"],
  ["accountid", "accountId"],
  ["awsaccountid", "accountId"],
  ["credentialscope", "credentialScope"],
] as const);

/** The field that a name means, however it is spelled: `AWS_SECURITY_TOKEN`, `sessionToken`, `aws_session_token`, … */
export function fieldNamed(name: string): FieldName | undefined {
  return FIELD_OF.get(name.toLowerCase().replaceAll(/[_-]/g, ""));
}

/**
 * The fields among named values; other names are passed over, as are empty values.
 * @throws CredentialError INVALID_OUTPUT where two names, or one name twice, give one field different values
 */
export function fieldsAmong(values: Iterable<readonly [name: string, value: unknown]>, what: string): RawFields {
  const fields: { [Name in FieldName]?: unknown } = {};
  const namedBy: { [Name in FieldName]?: string } = {};
  for (const [name, value] of values) {
    const field = fieldNamed(name);
    if (field === undefined || value === undefined || value === null || value === "") continue;
    // An account's name or alias, where an id was expected, says nothing about the credentials.
    if (field === "accountId" && !(typeof value === "string" && /^\d{12}$/.test(value))) continue;
    const before = namedBy[field];
    if (before !== undefined && fields[field] !== value)
      throw invalidOutput(
        before === name
          ? `${what} sets ${shownNames([name])} twice, to different values`
          : `${what} sets ${shownNames([before, name])} to different values`,
        "Have it print one set of credentials only.",
      );
    fields[field] = value;
    namedBy[field] = name;
  }
  return fields;
}

/** Whether one of the names is a key's, so that the values are, or were meant to be, credentials. */
export function namesKey(names: readonly string[]): boolean {
  return names.map(fieldNamed).some((field) => field === "accessKeyId" || field === "secretAccessKey");
}

/** The same of fields, where an empty key is none. */
export function hasKey(fields: RawFields): boolean {
  return fields.accessKeyId !== undefined || fields.secretAccessKey !== undefined;
}
