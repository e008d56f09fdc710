import type { AwsCredentialIdentity } from "../identity.ts";
import { printExpiration } from "./expiration.ts";
import { identityFrom, PASCAL } from "./fields.ts";
import { parseObject } from "./json.ts";
import { invalidOutput } from "./problem.ts";

/**
 * The answer of a `credential_process`: one JSON object, `Version` the number 1, `AccessKeyId` and `SecretAccessKey`, optional
 * `SessionToken`, `Expiration` (ISO 8601), `AccountId`, `CredentialScope`. As strict as the strictest SDK.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 * @throws CredentialError INVALID_OUTPUT
 */
export function parseProcessCredentials(text: string): AwsCredentialIdentity {
  const answer = parseObject(text);
  const version = answer["Version"];
  if (version === undefined) throw invalidOutput("the output has no Version");
  if (version === "1") throw invalidOutput('Version is the text "1" and must be the number 1');
  if (version !== 1) throw invalidOutput("Version is not the number 1, the only version there is");
  const { Expiration: expiration } = answer;
  if (expiration !== undefined && expiration !== null && typeof expiration !== "string")
    throw invalidOutput("Expiration is not a text");
  return identityFrom(
    {
      accessKeyId: answer["AccessKeyId"],
      secretAccessKey: answer["SecretAccessKey"],
      sessionToken: answer["SessionToken"],
      expiration,
      accountId: answer["AccountId"],
      credentialScope: answer["CredentialScope"],
    },
    PASCAL,
  );
}

/** One compact line, without line end. `Expiration` is left out only for credentials that have none: SDKs then keep them for ever. */
export function printProcessCredentials(identity: AwsCredentialIdentity): string {
  return JSON.stringify({
    Version: 1,
    AccessKeyId: identity.accessKeyId,
    SecretAccessKey: identity.secretAccessKey,
    SessionToken: identity.sessionToken,
    Expiration: identity.expiration && printExpiration(identity.expiration),
    AccountId: identity.accountId,
    CredentialScope: identity.credentialScope,
  });
}
