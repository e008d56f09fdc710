import type { Call } from "../http/call.ts";
import { ServiceError } from "../http/error.ts";
import { authenticate } from "../sigv4/authenticate.ts";
import { JSON_REFUSALS } from "../sigv4/refusals.ts";
import { isDenied, type Principal } from "../state/iam.ts";

const SHORT_TERM = "bedrock-api-key-";

/**
 * Who holds this Bedrock API key. Short-term keys are presigned requests in base64 and die with the credentials that signed them;
 * long-term keys are in a list.
 * @throws ServiceError
 */
export async function authenticateBearer(call: Call, token: string, action: string): Promise<Principal> {
  if (token.startsWith(SHORT_TERM)) return authenticateShortTerm(call, token.slice(SHORT_TERM.length), action);
  const principal = call.world.iam.bearerTokens.get(token);
  if (principal === undefined) throw invalidKey();
  call.entry.principal = principal.arn;
  call.entry.source = "iam-user";
  if (isDenied(principal, action)) throw JSON_REFUSALS.denied(principal.arn, action, false);
  return principal;
}

async function authenticateShortTerm(call: Call, encoded: string, action: string): Promise<Principal> {
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const url = URL.canParse(`https://${text}`) ? new URL(`https://${text}`) : undefined;
  if (url?.searchParams.get("Action") !== "CallWithBearerToken") throw invalidKey();
  const query = new URLSearchParams(url.search);
  // Appended after signing.
  query.delete("Version");
  const presigned: Call = { ...call, method: "POST", path: "/", query, headers: { host: url.host }, body: new Uint8Array() };
  const refusals = { ...JSON_REFUSALS, missing: invalidKey, presignedExpired: expiredKey, expired: expiredKey };
  const key = await authenticate(presigned, { signingName: "bedrock", action: "bedrock:CallWithBearerToken", refusals });
  if (isDenied(key.principal, action)) throw JSON_REFUSALS.denied(key.principal.arn, action, false);
  return key.principal;
}

function invalidKey(): ServiceError {
  return new ServiceError(403, "AccessDeniedException", "Authentication failed: Please make sure your API Key is valid.");
}

function expiredKey(): ServiceError {
  return new ServiceError(403, "AccessDeniedException", "Bearer Token has expired");
}
