import type { AwsCredentialIdentity } from "../identity.ts";
import { parseExpiration } from "./expiration.ts";
import { invalidOutput } from "./problem.ts";

export type FieldName = "accessKeyId" | "secretAccessKey" | "sessionToken" | "expiration" | "accountId" | "credentialScope";

/** What a format holds, before anything is checked. */
export type RawFields = { readonly [Name in FieldName]?: unknown };

/** How a format spells the fields, for messages. */
export type Spelling = { readonly [Name in FieldName]: string };

export const PASCAL: Spelling = {
  accessKeyId: "AccessKeyId",
  secretAccessKey: "SecretAccessKey",
  sessionToken: "SessionToken",
  expiration: "Expiration",
  accountId: "AccountId",
  credentialScope: "CredentialScope",
};

export const CAMEL: Spelling = {
  accessKeyId: "accessKeyId",
  secretAccessKey: "secretAccessKey",
  sessionToken: "sessionToken",
  expiration: "expiration",
  accountId: "accountId",
  credentialScope: "credentialScope",
};

/** Far above what AWS issues (128, 40 and some 4 KiB), far below what would hurt. */
const LONGEST = { accessKeyId: 128, secretAccessKey: 1024, sessionToken: 32_768, credentialScope: 256 } as const;

/**
 * Credentials from unchecked fields. Required: access key id and secret; `null` and empty count as absent.
 * @throws CredentialError INVALID_OUTPUT naming the field that is missing or malformed, never its value
 */
export function identityFrom(raw: RawFields, spelling: Spelling, what = "the output"): AwsCredentialIdentity {
  const accessKeyId = text(raw, "accessKeyId", spelling);
  const secretAccessKey = text(raw, "secretAccessKey", spelling);
  if (accessKeyId === undefined) throw invalidOutput(`${what} has no ${spelling.accessKeyId}`);
  if (secretAccessKey === undefined) throw invalidOutput(`${what} has no ${spelling.secretAccessKey}`);
  if (!/^\w+$/.test(accessKeyId)) throw invalidOutput(`${spelling.accessKeyId} holds characters that no access key id has`);
  const sessionToken = text(raw, "sessionToken", spelling);
  if (sessionToken === undefined && accessKeyId.startsWith("ASIA"))
    throw invalidOutput(`${what} has no ${spelling.sessionToken}, which a temporary access key (ASIA…) needs`);
  const expiration = parseExpiration(raw.expiration, spelling.expiration);
  const credentialScope = text(raw, "credentialScope", spelling);
  const accountId = accountOf(raw.accountId, spelling);
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
    ...(expiration !== undefined && { expiration }),
    ...(credentialScope !== undefined && { credentialScope }),
    ...(accountId !== undefined && { accountId }),
  };
}

function text(raw: RawFields, name: keyof typeof LONGEST, spelling: Spelling): string | undefined {
  const value = raw[name];
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") throw invalidOutput(`${spelling[name]} is not a text`);
  if (value.length > LONGEST[name]) throw invalidOutput(`${spelling[name]} is longer than ${LONGEST[name]} characters`);
  if (!/^[\x21-\x7e]+$/.test(value))
    throw invalidOutput(`${spelling[name]} holds a space or another character that no AWS credential has`);
  return value;
}

function accountOf(value: unknown, spelling: Spelling): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string" || !/^\d{12}$/.test(value))
    throw invalidOutput(`${spelling.accountId} is not a text of 12 digits`);
  return value;
}
