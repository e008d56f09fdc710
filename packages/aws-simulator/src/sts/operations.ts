import type { Call } from "../http/call.ts";
import { ServiceError } from "../http/error.ts";
import { authenticate } from "../sigv4/authenticate.ts";
import { QUERY_REFUSALS } from "../sigv4/refusals.ts";
import { issueTemporaryKey } from "../state/iam.ts";
import { assumeRole, notAuthorized, printCredentials, userOf } from "./assume-role.ts";
import { checkMfa } from "./mfa.ts";
import { durationSeconds, optionalText, parametersOf } from "./parameters.ts";
import { assumeRoleWithWebIdentity } from "./web-identity.ts";
import { queryAnswer } from "./xml.ts";

const ACTIONS: Readonly<Record<string, (call: Call, parameters: URLSearchParams) => Promise<Response>>> = {
  AssumeRole: assumeRole,
  AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
  GetCallerIdentity: getCallerIdentity,
  GetSessionToken: getSessionToken,
};

/** One endpoint for all of STS: the action is a field of the request. */
export async function stsOperation(call: Call): Promise<Response> {
  const parameters = parametersOf(call);
  const action = parameters.get("Action") ?? "";
  const version = parameters.get("Version") ?? "";
  const handle = Object.hasOwn(ACTIONS, action) && version === "2011-06-15" ? ACTIONS[action] : undefined;
  if (handle === undefined) {
    throw new ServiceError(400, "InvalidAction", `Could not find operation ${action} for version ${version}`);
  }
  return handle(call, parameters);
}

export function stsOperationName(call: Call): string {
  const action = parametersOf(call).get("Action") ?? "";
  return Object.hasOwn(ACTIONS, action) ? action : "Unknown";
}

/** Needs no permission: even a revoked session learns who it is. */
async function getCallerIdentity(call: Call): Promise<Response> {
  const { principal } = await authenticate(call, { signingName: "sts", refusals: QUERY_REFUSALS });
  return queryAnswer("GetCallerIdentity", { Arn: principal.arn, UserId: principal.userId, Account: principal.accountId });
}

/** Temporary credentials of an IAM user, with MFA if it has it. */
async function getSessionToken(call: Call, parameters: URLSearchParams): Promise<Response> {
  const seconds = durationSeconds(parameters, 43_200, 129_600);
  const serialNumber = optionalText(parameters, "SerialNumber", { shortest: 9, longest: 256 });
  const tokenCode = optionalText(parameters, "TokenCode", { shortest: 6, longest: 6, pattern: /^\d{6}$/ });
  const caller = await authenticate(call, { signingName: "sts", refusals: QUERY_REFUSALS });
  if (caller.sessionToken !== undefined) throw notAuthorized("Cannot call GetSessionToken with session credentials");
  if (serialNumber !== undefined) checkMfa(call.world, userOf(call.world, caller), serialNumber, tokenCode ?? "");
  const key = issueTemporaryKey(call.world, {
    principal: caller.principal,
    origin: "session-token",
    lifetime: seconds * 1000,
    mfaPresent: serialNumber !== undefined,
  });
  return queryAnswer("GetSessionToken", { Credentials: printCredentials(key) });
}
