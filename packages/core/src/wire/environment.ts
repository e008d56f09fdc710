import type { AwsCredentialIdentity } from "../identity.ts";
import { assignmentsOf, type Assignment } from "./assignments.ts";
import { printExpiration } from "./expiration.ts";
import { identityFrom, type RawFields, type Spelling } from "./fields.ts";
import { invalidOutput, shownNames } from "./problem.ts";
import { fieldNamed, fieldsAmong } from "./synonyms.ts";

export type Variables = Readonly<Record<string, string>>;

export const VARIABLE_SPELLING: Spelling = {
  accessKeyId: "AWS_ACCESS_KEY_ID",
  secretAccessKey: "AWS_SECRET_ACCESS_KEY",
  sessionToken: "AWS_SESSION_TOKEN",
  expiration: "AWS_CREDENTIAL_EXPIRATION",
  accountId: "AWS_ACCOUNT_ID",
  credentialScope: "AWS_CREDENTIAL_SCOPE",
};

/** The credentials as the variables that every AWS SDK reads; region and account only where they are given or known. */
export function credentialVariables(
  identity: AwsCredentialIdentity,
  more: { readonly region?: string | undefined } = {},
): Variables {
  const { accessKeyId, secretAccessKey, sessionToken, expiration, accountId } = identity;
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
    ...(expiration !== undefined && { AWS_CREDENTIAL_EXPIRATION: printExpiration(expiration) }),
    ...(more.region !== undefined && { AWS_REGION: more.region, AWS_DEFAULT_REGION: more.region }),
    ...(accountId !== undefined && { AWS_ACCOUNT_ID: accountId }),
  };
}

/**
 * Credentials from a text of assignments in any shell's syntax. Nothing is evaluated.
 * @throws CredentialError INVALID_OUTPUT; in particular where a value would have to be evaluated to be known
 */
export function parseEnvironment(text: string): AwsCredentialIdentity {
  return identityFrom(variablesIn(text), VARIABLE_SPELLING);
}

/** The credential fields among the text's assignments, unchecked. */
export function variablesIn(text: string): RawFields {
  const wanted = text
    .split(/\r\n|\n|\r/)
    // The cheap test spares long logs the reader.
    .filter((line) => /aws_|x_security/i.test(line))
    .flatMap(assignmentsOf)
    .filter(({ name }) => /^(?:AWS_|X_SECURITY_)/.test(name) && fieldNamed(name) !== undefined);
  for (const assignment of wanted) refuseTrouble(assignment);
  return fieldsAmong(
    wanted.map(({ name, value }) => [name, value] as const),
    "the output",
  );
}

function refuseTrouble({ name, trouble }: Assignment): void {
  if (trouble === undefined) return;
  const problem = {
    evaluation: "would have to be evaluated by a shell ($…, `…`, %…%), and the output is never evaluated",
    unterminated: "begins with a quote that does not end on its line",
    rest: "is followed by text that its shell would make part of it",
  }[trouble];
  throw invalidOutput(`the value of ${shownNames([name])} ${problem}`, "Have it print the value itself, in single quotes.");
}
