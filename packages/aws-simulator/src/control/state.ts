import { isAlive } from "../identity-center/sessions.ts";
import type { World } from "../state/world.ts";
import type { SimulatorState } from "./types.ts";

/** What there is, without secrets. */
export function stateOf(world: World): SimulatorState {
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
