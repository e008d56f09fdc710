import { createWebIdentityIssuer, type WebIdentityIssuer } from "../sts/web-identity.ts";
import { createClock, type SimulatorClock } from "./clock.ts";
import { createFaults, type Faults } from "./faults.ts";
import { createIamState, type IamState } from "./iam.ts";
import { createIdentityCenterState, type IdentityCenterState } from "./identity-center.ts";
import type { MetadataState } from "./metadata.ts";
import { createRateLimits, type RateLimits } from "./rate-limits.ts";
import { createRequestLog, type RequestLog } from "./request-log.ts";
import { createSecretRegister, type SecretRegister } from "./secrets.ts";
import { DEFAULT_SETTINGS, type Settings } from "./settings.ts";

/** The whole simulated AWS, in memory. */
export interface World {
  /** The server's own address, known once it listens. */
  url: string;
  readonly secrets: SecretRegister;
  readonly log: RequestLog;
  settings: Settings;
  clock: SimulatorClock;
  faults: Faults;
  rateLimits: RateLimits;
  identityCenter: IdentityCenterState;
  iam: IamState;
  metadata: MetadataState;
  /** Made when first asked for: its key takes a while. */
  webIdentity: () => Promise<WebIdentityIssuer>;
}

export function createWorld(): World {
  return { url: "", secrets: createSecretRegister(), log: createRequestLog(), ...freshState() };
}

/** Forgets everything but the secrets ever issued. */
export function resetWorld(world: World): void {
  Object.assign(world, freshState());
  world.log.clear();
}

function freshState(): Omit<World, "url" | "secrets" | "log"> {
  let issuer: Promise<WebIdentityIssuer> | undefined;
  return {
    settings: { ...DEFAULT_SETTINGS },
    clock: createClock(),
    faults: createFaults(),
    rateLimits: createRateLimits(),
    identityCenter: createIdentityCenterState(),
    iam: createIamState(),
    metadata: { instance: undefined, instanceTokens: new Map(), container: undefined },
    webIdentity: () => (issuer ??= createWebIdentityIssuer()),
  };
}
