import type { AwsCredentialIdentity } from "../identity.ts";
import { printExpiration } from "./expiration.ts";
import { identityFrom, PASCAL } from "./fields.ts";
import { isObject, keysOf, parseObject } from "./json.ts";
import { invalidOutput } from "./problem.ts";

/**
 * What Claude Code's `awsCredentialExport` prints: `{"Credentials":{AccessKeyId,SecretAccessKey,SessionToken,Expiration?}}`.
 * @see https://code.claude.com/docs/en/amazon-bedrock
 * @throws CredentialError INVALID_OUTPUT
 */
export function parseExportCredentials(text: string): AwsCredentialIdentity {
  const answer = parseObject(text);
  const { Credentials: credentials } = answer;
  if (!isObject(credentials)) throw invalidOutput(`the output has no object Credentials${keysOf(answer)}`);
  const identity = identityFrom(
    {
      accessKeyId: credentials["AccessKeyId"],
      secretAccessKey: credentials["SecretAccessKey"],
      sessionToken: credentials["SessionToken"],
      expiration: credentials["Expiration"],
    },
    PASCAL,
  );
  return withSessionToken(identity);
}

/**
 * One compact line, without line end, of exactly `AccessKeyId`, `SecretAccessKey`, `SessionToken`, `Expiration`. Credentials that name
 * no end have no `Expiration`; Claude Code then keeps them for an hour.
 * @throws CredentialError INVALID_OUTPUT without session token: Claude Code refuses such credentials
 */
export function printExportCredentials(identity: AwsCredentialIdentity): string {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = withSessionToken(identity);
  return JSON.stringify({
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: expiration && printExpiration(expiration),
    },
  });
}

function withSessionToken(identity: AwsCredentialIdentity): AwsCredentialIdentity {
  if (identity.sessionToken !== undefined && identity.sessionToken !== "") return identity;
  throw invalidOutput(
    "the credentials have no session token, and Claude Code refuses long-term keys",
    "Have the source give temporary credentials of a role (sts assume-role or sts get-session-token does).",
  );
}
