import type { AwsCredentialIdentity } from "../identity.ts";
import { printExpiration } from "./expiration.ts";
import { identityFrom, PASCAL, type Spelling } from "./fields.ts";
import { parseObject } from "./json.ts";
import { invalidOutput } from "./problem.ts";

export interface ContainerError {
  readonly code: string;
  readonly message: string;
}

const SPELLING: Spelling = { ...PASCAL, sessionToken: "Token" };
const TEMPORARY = "Have the source give temporary credentials of a role.";

/**
 * The answer of a container credentials endpoint: `AccessKeyId`, `SecretAccessKey`, `Token`, `Expiration`, all required (without
 * `Expiration` botocore fails, without `Token` the JS SDK does), and perhaps `AccountId`.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 * @throws CredentialError INVALID_OUTPUT
 */
export function parseContainerCredentials(body: string): AwsCredentialIdentity {
  const answer = parseObject(body, "the answer");
  if (answer["AccessKeyId"] === undefined && containerErrorOf(answer) !== undefined)
    throw invalidOutput("the answer is an error, not credentials", "Read the endpoint's own log.");
  const identity = identityFrom(
    {
      accessKeyId: answer["AccessKeyId"],
      secretAccessKey: answer["SecretAccessKey"],
      sessionToken: answer["Token"],
      expiration: answer["Expiration"],
      accountId: answer["AccountId"],
    },
    SPELLING,
    "the answer",
  );
  return temporary(identity, "the answer has");
}

/**
 * The body of a 200, without line end.
 * @throws CredentialError INVALID_OUTPUT without session token or expiration: SDKs refuse such an answer
 */
export function printContainerCredentials(identity: AwsCredentialIdentity): string {
  const { accessKeyId, secretAccessKey, sessionToken, expiration, accountId } = temporary(identity, "the credentials have");
  return JSON.stringify({
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    Token: sessionToken,
    Expiration: printExpiration(expiration),
    AccountId: accountId,
  });
}

/** The body of a 4xx or 5xx; botocore shows it to the person. */
export function printContainerError({ code, message }: ContainerError): string {
  return JSON.stringify({ Code: code, Message: message });
}

/** What an error's body says; `undefined` if it says nothing in the usual form. */
export function parseContainerError(body: string): ContainerError | undefined {
  try {
    return containerErrorOf(parseObject(body));
  } catch {
    return undefined;
  }
}

function containerErrorOf({ Code: code, Message: message }: Readonly<Record<string, unknown>>): ContainerError | undefined {
  if (typeof code !== "string" && typeof message !== "string") return undefined;
  return { code: typeof code === "string" ? code : "Error", message: typeof message === "string" ? message : "" };
}

type Temporary = AwsCredentialIdentity & Required<Pick<AwsCredentialIdentity, "sessionToken" | "expiration">>;

function temporary(identity: AwsCredentialIdentity, has: string): Temporary {
  const { sessionToken, expiration } = identity;
  if (sessionToken === undefined || sessionToken === "")
    throw invalidOutput(`${has} no session token, which SDKs require of a container endpoint`, TEMPORARY);
  if (expiration === undefined)
    throw invalidOutput(`${has} no expiration, which SDKs require of a container endpoint`, TEMPORARY);
  return { ...identity, sessionToken, expiration };
}
