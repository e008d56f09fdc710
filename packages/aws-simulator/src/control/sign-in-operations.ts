import { decide, deviceByUserCode, type DeviceSignIn } from "../identity-center/device.ts";
import { assignmentsOf, type Organization } from "../identity-center/organization.ts";
import { issueRoleCredentials } from "../identity-center/portal.ts";
import { createClient } from "../identity-center/register.ts";
import { isAlive, issueTokens, newFamily } from "../identity-center/sessions.ts";
import { organizationAt } from "../state/identity-center.ts";
import type { World } from "../state/world.ts";
import { ControlError } from "./error.ts";
import type {
  HandlersOf,
  RevokeInput,
  RoleCredentials,
  RoleCredentialsInput,
  SignedIn,
  SignInControl,
  SignInInput,
} from "./types.ts";

/** Sign-ins, what they lead to, and how they end before their time. */
export function signInHandlers(world: World): HandlersOf<SignInControl> {
  return {
    signIn: (input) => signIn(world, input),
    roleCredentials: (input) => roleCredentials(world, input),
    approve({ userCode, userName }) {
      const device = pendingDevice(world, userCode);
      decide(device, { kind: "approved", userName: userNameIn(device.organization, userName) });
    },
    deny: ({ userCode }) => decide(pendingDevice(world, userCode), { kind: "denied" }),
    endSessions({ userName, startUrl }) {
      const now = world.clock.now();
      const organization = startUrl === undefined ? undefined : organizationOf(world, startUrl);
      const ending = world.identityCenter.sessions.filter(
        (session) =>
          isAlive(session, now) &&
          (userName ?? session.userName) === session.userName &&
          (organization ?? session.organization) === session.organization,
      );
      for (const session of ending) session.ended = true;
      return { ended: ending.length };
    },
    revokeRoleCredentials: (input) => revoke(world, input),
  };
}

function organizationOf(world: World, startUrl: string | undefined): Organization {
  const found = startUrl === undefined ? world.identityCenter.organizations[0] : organizationAt(world.identityCenter, startUrl);
  if (found === undefined) throw new ControlError(`there is no organization${startUrl === undefined ? "" : ` at ${startUrl}`}`);
  return found;
}

function userNameIn(organization: Organization, userName: string | undefined): string {
  const user = organization.users.find((one) => one.userName === (userName ?? one.userName));
  if (user === undefined) throw new ControlError(`${organization.name} has no user ${userName ?? "at all"}`);
  return user.userName;
}

function pendingDevice(world: World, userCode: string): DeviceSignIn {
  const device = deviceByUserCode(world, userCode);
  if (device === undefined) throw new ControlError(`there is no sign-in with the code ${userCode}`);
  if (world.clock.now() >= device.expiresAt) throw new ControlError(`the code ${userCode} has expired`);
  if (device.decision !== undefined) throw new ControlError(`the sign-in ${userCode} is ${device.decision.kind} already`);
  return device;
}

function signIn(world: World, { startUrl, userName }: SignInInput): SignedIn {
  const organization = organizationOf(world, startUrl);
  const client = createClient(world, { clientName: "simulator-control", scopes: ["sso:account:access"] });
  const { accessToken, refreshToken, expiresIn } = issueTokens(
    world,
    newFamily(world, client, organization, userNameIn(organization, userName), client.scopes),
  );
  return {
    startUrl: organization.startUrl,
    region: organization.region,
    accessToken,
    expiresAt: wholeSeconds(world.clock.wall() + expiresIn * 1000),
    refreshToken: refreshToken!,
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    registrationExpiresAt: wholeSeconds(world.clock.toWall(client.secretExpiresAt)),
  };
}

function roleCredentials(world: World, { startUrl, userName, accountId, roleName }: RoleCredentialsInput): RoleCredentials {
  const organization = organizationOf(world, startUrl);
  const user = userNameIn(organization, userName);
  const assignment = assignmentsOf(organization, user).find(
    (one) => (accountId ?? one.accountId) === one.accountId && (roleName ?? one.roleName) === one.roleName,
  );
  const key = assignment === undefined ? undefined : issueRoleCredentials(world, organization, user, assignment);
  if (key === undefined) throw new ControlError(`${user} has no such role at ${organization.name}`);
  return {
    accessKeyId: key.accessKeyId,
    secretAccessKey: key.secretAccessKey,
    sessionToken: key.sessionToken,
    expiration: new Date(key.claimedExpiration),
    accountId: key.principal.accountId,
  };
}

function wholeSeconds(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+/, "");
}

function revoke(
  world: World,
  { accessKeyId, accountId, roleName, userName, as = "access-denied" }: RevokeInput,
): { revoked: number } {
  let revoked = 0;
  for (const key of world.iam.keys.values()) {
    const matches =
      key.sessionToken !== undefined &&
      (accessKeyId ?? key.accessKeyId) === key.accessKeyId &&
      (accountId ?? key.principal.accountId) === key.principal.accountId &&
      (roleName ?? key.roleName) === key.roleName &&
      (userName ?? key.userName) === key.userName;
    if (!matches) continue;
    key.revoked = as;
    revoked += 1;
  }
  return { revoked };
}
