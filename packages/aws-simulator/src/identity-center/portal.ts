import { createHash } from "node:crypto";
import type { Call } from "../http/call.ts";
import { restJsonError, ServiceError } from "../http/error.ts";
import type { Service } from "../http/service.ts";
import { issueTemporaryKey, type Principal, type TemporaryKey } from "../state/iam.ts";
import type { World } from "../state/world.ts";
import { assignmentsOf, type Assignment, type Organization, type PermissionSet } from "./organization.ts";
import { familyOfAccessToken, type TokenFamily } from "./sessions.ts";

export const PORTAL_SERVICE: Service = {
  id: "sso",
  throttled: () => new ServiceError(429, "TooManyRequestsException", "HTTP 429 Too Many Requests"),
  printError: restJsonError,
};

/** `GET /federation/credentials?account_id=&role_name=`. `expiration` is in milliseconds, unlike anywhere else in AWS. */
export function getRoleCredentials(call: Call): Response {
  const { world } = call;
  const { session } = signedIn(call);
  const accountId = neededParameter(call, "account_id");
  const roleName = neededParameter(call, "role_name");
  const key = issueRoleCredentials(world, session.organization, session.userName, { accountId, roleName });
  if (key === undefined) throw new ServiceError(403, "ForbiddenException", "No access");
  const { accessKeyId, secretAccessKey, sessionToken, claimedExpiration } = key;
  return Response.json({ roleCredentials: { accessKeyId, secretAccessKey, sessionToken, expiration: claimedExpiration } });
}

/** @returns `undefined` if the user has no such role */
export function issueRoleCredentials(
  world: World,
  organization: Organization,
  userName: string,
  { accountId, roleName }: Assignment,
): TemporaryKey | undefined {
  const role = assignedRole(organization, userName, accountId, roleName);
  if (role === undefined) return undefined;
  return issueTemporaryKey(world, {
    principal: principalOf(accountId, userName, role),
    origin: "identity-center",
    lifetime: world.settings.roleLifetime,
    enforcedLifetime: world.settings.enforcedRoleLifetime,
    roleName,
    userName,
  });
}

/** `GET /assignment/accounts`. */
export function listAccounts(call: Call): Response {
  const { session } = signedIn(call);
  const assigned = new Set(assignmentsOf(session.organization, session.userName).map(({ accountId }) => accountId));
  const accounts = session.organization.accounts
    .filter(({ accountId }) => assigned.has(accountId))
    .map(({ accountId, accountName, emailAddress }) => ({ accountId, accountName, emailAddress }));
  const { items, nextToken } = page(call, accounts);
  return Response.json({ accountList: items, nextToken });
}

/** `GET /assignment/roles?account_id=`. */
export function listAccountRoles(call: Call): Response {
  const { session } = signedIn(call);
  const accountId = neededParameter(call, "account_id");
  const roles = assignmentsOf(session.organization, session.userName).filter((one) => one.accountId === accountId);
  if (roles.length === 0) throw new ServiceError(404, "ResourceNotFoundException", "The account is not assigned to this user.");
  const { items, nextToken } = page(call, roles);
  return Response.json({ roleList: items, nextToken });
}

/** `POST /logout`: the session ends with all its tokens; role credentials already given live on. */
export function logout(call: Call): Response {
  signedIn(call).session.ended = true;
  return new Response(null, { status: 200 });
}

function signedIn(call: Call): TokenFamily {
  const token = call.headers["x-amz-sso_bearer_token"];
  const family = token === undefined ? undefined : familyOfAccessToken(call.world, token);
  if (family === undefined) throw new ServiceError(401, "UnauthorizedException", "Session token not found or invalid");
  call.entry.principal = family.session.userName;
  // Clients of the legacy configuration have no scopes and may do this all the same.
  if (family.scopes.length > 0 && !family.scopes.includes("sso:account:access")) {
    throw new ServiceError(403, "ForbiddenException", "The token lacks the scope sso:account:access.");
  }
  return family;
}

function neededParameter(call: Call, name: string): string {
  const value = call.query.get(name);
  if (value === null || value === "")
    throw new ServiceError(400, "InvalidRequestException", `The parameter ${name} is missing.`);
  return value;
}

function assignedRole(
  organization: Organization,
  userName: string,
  accountId: string,
  roleName: string,
): PermissionSet | undefined {
  const assigned = assignmentsOf(organization, userName).some(
    (one) => one.accountId === accountId && one.roleName === roleName,
  );
  const account = organization.accounts.find((one) => one.accountId === accountId);
  return assigned ? account?.roles.find((role) => role.roleName === roleName) : undefined;
}

function principalOf(accountId: string, userName: string, role: PermissionSet): Principal {
  // Identity Center names the IAM role after the permission set, with a suffix that stays the same within an account.
  const suffix = createHash("sha256").update(`${accountId}/${role.roleName}`).digest("hex").slice(0, 16);
  const uniqueId = `AROA${suffix.toUpperCase()}X`;
  return {
    accountId,
    arn: `arn:aws:sts::${accountId}:assumed-role/AWSReservedSSO_${role.roleName}_${suffix}/${userName}`,
    userId: `${uniqueId}:${userName}`,
    denied: role.denied ?? [],
  };
}

const LARGEST_PAGE = 100;

function page<Item>(call: Call, all: readonly Item[]): { items: readonly Item[]; nextToken: string | null } {
  const size = Number(call.query.get("max_result") ?? LARGEST_PAGE);
  if (!Number.isInteger(size) || size < 1 || size > LARGEST_PAGE) {
    throw new ServiceError(400, "InvalidRequestException", `max_result must be between 1 and ${LARGEST_PAGE}.`);
  }
  const token = call.query.get("next_token");
  const start = token === null || token === "" ? 0 : Number(Buffer.from(token, "base64url").toString());
  if (!Number.isInteger(start) || start < 0) throw new ServiceError(400, "InvalidRequestException", "next_token is not valid.");
  const end = start + size;
  return { items: all.slice(start, end), nextToken: end < all.length ? Buffer.from(String(end)).toString("base64url") : null };
}
