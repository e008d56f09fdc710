import type { Call } from "../http/call.ts";
import { ServiceError } from "../http/error.ts";
import { authenticate } from "../sigv4/authenticate.ts";
import { QUERY_REFUSALS } from "../sigv4/refusals.ts";
import { issueTemporaryKey, type AccessKey, type IamRole, type IamUser, type TemporaryKey } from "../state/iam.ts";
import type { CredentialOrigin } from "../state/request-log.ts";
import type { World } from "../state/world.ts";
import { checkMfa } from "./mfa.ts";
import { durationSeconds, optionalText, requiredText, validationError } from "./parameters.ts";
import { queryAnswer, type XmlTree } from "./xml.ts";

const ROLE_ARN = { shortest: 20, longest: 2048, pattern: /^arn:[\w+=,.@:/-]+$/ };
const SESSION_NAME = { shortest: 2, longest: 64, pattern: /^[\w+=,.@-]*$/ };
const EXTERNAL_ID = { shortest: 2, longest: 1224, pattern: /^[\w+=,.@:/-]*$/ };
const SERIAL_NUMBER = { shortest: 9, longest: 256, pattern: /^[\w+=/:,.@-]*$/ };
const TOKEN_CODE = { shortest: 6, longest: 6, pattern: /^\d{6}$/ };
/** The service model's limit; the role's own and the chain's may be lower. */
const LONGEST_SESSION = 43_200;
const LONGEST_CHAINED_SESSION = 3600;
const USUAL_SESSION = 3600;

export async function assumeRole(call: Call, parameters: URLSearchParams): Promise<Response> {
  const roleArn = requiredText(parameters, "RoleArn", ROLE_ARN);
  const sessionName = requiredText(parameters, "RoleSessionName", SESSION_NAME);
  const externalId = optionalText(parameters, "ExternalId", EXTERNAL_ID);
  const serialNumber = optionalText(parameters, "SerialNumber", SERIAL_NUMBER);
  const tokenCode = optionalText(parameters, "TokenCode", TOKEN_CODE);
  const seconds = durationSeconds(parameters, USUAL_SESSION, LONGEST_SESSION);

  const caller = await authenticate(call, { signingName: "sts", action: "sts:AssumeRole", refusals: QUERY_REFUSALS });
  const denied = QUERY_REFUSALS.denied(caller.principal.arn, `sts:AssumeRole on resource: ${roleArn}`, false);
  const role = roleAt(call.world, roleArn);
  if (role === undefined || !trusts(role, caller)) throw denied;
  if (role.externalId !== undefined && role.externalId !== externalId) throw denied;
  if (serialNumber !== undefined || tokenCode !== undefined) {
    if (serialNumber === undefined || tokenCode === undefined)
      throw validationError("Both SerialNumber and TokenCode are needed.");
    checkMfa(call.world, userOf(call.world, caller), serialNumber, tokenCode);
  } else if (role.requireMfa && caller.mfaPresent !== true) {
    throw denied;
  }
  const chained = caller.sessionToken !== undefined && caller.origin !== "session-token";
  if (chained && seconds > LONGEST_CHAINED_SESSION) {
    throw validationError("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.");
  }
  return assumed("AssumeRole", call, role, sessionName, seconds, "assume-role");
}

/** The answer that both ways of assuming a role share. */
export function assumed(
  action: string,
  call: Call,
  role: IamRole,
  sessionName: string,
  seconds: number,
  origin: CredentialOrigin,
  more: XmlTree = {},
): Response {
  if (seconds > role.maxSessionDuration) {
    throw validationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
  const arn = `arn:aws:sts::${role.accountId}:assumed-role/${role.roleName}/${sessionName}`;
  const userId = `${role.uniqueId}:${sessionName}`;
  const key = issueTemporaryKey(call.world, {
    principal: { accountId: role.accountId, arn, userId, denied: role.denied },
    origin,
    lifetime: seconds * 1000,
    roleName: role.roleName,
  });
  return queryAnswer(action, {
    Credentials: printCredentials(key),
    AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
    ...more,
  });
}

export function printCredentials(key: TemporaryKey): XmlTree {
  return {
    AccessKeyId: key.accessKeyId,
    SecretAccessKey: key.secretAccessKey,
    SessionToken: key.sessionToken,
    Expiration: new Date(key.claimedExpiration).toISOString().replace(/\.\d+/, ""),
  };
}

export function roleAt(world: World, arn: string): IamRole | undefined {
  return world.iam.roles.find((role) => `arn:aws:iam::${role.accountId}:role/${role.roleName}` === arn);
}

export function userOf(world: World, key: AccessKey): IamUser | undefined {
  const { accountId, arn } = key.principal;
  return world.iam.users.find((user) => user.accountId === accountId && arn.endsWith(`:user/${user.userName}`));
}

/** The trust policy's principals: an ARN, an assumed role by its role's ARN, a whole account, or everybody. */
function trusts(role: IamRole, caller: AccessKey): boolean {
  const { arn, accountId } = caller.principal;
  const roleArn = arn.replace(/^arn:aws:sts::(\d+):assumed-role\/([^/]+)\/.*$/, "arn:aws:iam::$1:role/$2");
  return role.trusted.some(
    (one) => one === "*" || one === arn || one === roleArn || one === accountId || one === `arn:aws:iam::${accountId}:root`,
  );
}

/** What a role says to callers that it does not trust, or that name no role at all: AWS does not tell which. */
export function notAuthorized(message: string): ServiceError {
  return new ServiceError(403, "AccessDenied", message);
}
