import { completeOrganization } from "../identity-center/organization.ts";
import { organizationAt } from "../state/identity-center.ts";
import type { Settings } from "../state/settings.ts";
import type { World } from "../state/world.ts";
import { ControlError } from "./error.ts";
import { iamHandlers } from "./iam-operations.ts";
import { signInHandlers } from "./sign-in-operations.ts";
import { stateOf } from "./state.ts";
import type { HandlersOf, SettingsChange, SimulatorControl } from "./types.ts";

/** @param reset puts the world back as it was started */
export function controlHandlers(world: World, reset: () => Promise<void> | void): HandlersOf<SimulatorControl> {
  return {
    ...iamHandlers(world),
    ...signInHandlers(world),
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
