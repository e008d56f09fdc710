import { createClient, type Client } from "../identity-center/register.ts";
import { decide, deviceByUserCode, type DeviceSignIn } from "../identity-center/device.ts";
import { assignmentsOf, completeOrganization, type Organization } from "../identity-center/organization.ts";
import { issueRoleCredentials } from "../identity-center/portal.ts";
import { isAlive, issueTokens, newFamily } from "../identity-center/sessions.ts";
import { organizationAt } from "../state/identity-center.ts";
import type { Settings } from "../state/settings.ts";
import type { World } from "../state/world.ts";
import { ControlError } from "./error.ts";
import { iamHandlers } from "./iam-operations.ts";
import type {
  HandlersOf,
  RevokeInput,
  RoleCredentials,
  RoleCredentialsInput,
  SettingsChange,
  SignedIn,
  SignInInput,
  SimulatorControl,
  SimulatorState,
} from "./types.ts";

/** @param reset puts the world back as it was started */
export function controlHandlers(world: World, reset: () => Promise<void> | void): HandlersOf<SimulatorControl> {
  return {
    ...iamHandlers(world),
    createOrganization(input) {
      const organization = completeOrganization(input);
      if (organizationAt(world.identityCenter, organization.startUrl) !== undefined) {
        throw new ControlError(`there is an organization at ${organization.startUrl} already`);
      }
      world.identityCenter.organizations.push(organization);
      return organization;
    },
    configure: (change) => (world.settings = changed(world.settings, change)),
    reset,
    state: () => stateOf(world),
    secrets: () => world.secrets.all(),
    requests: (filter) => world.log.list(filter),
    counts: () => world.log.counts(),
    clearRequests: () => world.log.clear(),
    waitFor: ({ count = 1, timeout = 10_000, ...filter }) => world.log.waitFor(filter, count, timeout),
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
    setClockSkew: ({ milliseconds }) => world.clock.setSkew(milliseconds),
    advanceClock: ({ milliseconds }) => world.clock.advance(milliseconds),
    addFault: (fault) => ({ id: world.faults.add(fault).id }),
    clearFaults: ({ id }) => world.faults.clear(id),
    setRateLimits: ({ limits }) => world.rateLimits.set(limits),
  };
}

function changed(settings: Settings, change: SettingsChange): Settings {
  const { autoApprove, enforcedRoleLifetime, ...plain } = change;
  const next: Settings = { ...settings, ...plain };
  if (enforcedRoleLifetime !== undefined) next.enforcedRoleLifetime = enforcedRoleLifetime ?? undefined;
  if (autoApprove !== undefined) next.autoApprove = autoApprove === true ? {} : autoApprove || undefined;
  return next;
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
  if (device.decision !== undefined) throw new ControlError(`the sign-in ${userCode} is ${device.decision.kind} already`);
  return device;
}

function signIn(world: World, { startUrl, userName }: SignInInput): SignedIn {
  const organization = organizationOf(world, startUrl);
  const client: Client = createClient(world, { clientName: "simulator-control", scopes: ["sso:account:access"] });
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

function stateOf(world: World): SimulatorState {
  const now = world.clock.now();
  const shown = (moment: number): string => new Date(world.clock.toWall(moment)).toISOString();
  return {
    time: new Date(world.clock.wall()).toISOString(),
    settings: world.settings,
    organizations: world.identityCenter.organizations,
    deviceSignIns: [...world.identityCenter.devices.values()].map((device) => ({
      userCode: device.userCode,
      startUrl: device.organization.startUrl,
      clientName: device.client.clientName,
      state: device.redeemed ? "redeemed" : now >= device.expiresAt ? "expired" : (device.decision?.kind ?? "pending"),
    })),
    sessions: world.identityCenter.sessions.map((session) => ({
      startUrl: session.organization.startUrl,
      userName: session.userName,
      expiration: shown(session.expiresAt),
      alive: isAlive(session, now),
    })),
    keys: [...world.iam.keys.values()].map((key) => ({
      accessKeyId: key.accessKeyId,
      principal: key.principal.arn,
      source: key.origin,
      ...(key.expiresAt === undefined ? {} : { expiration: shown(key.expiresAt) }),
      ...(key.revoked === undefined ? {} : { revoked: key.revoked }),
    })),
    faults: world.faults.list(),
  };
}
