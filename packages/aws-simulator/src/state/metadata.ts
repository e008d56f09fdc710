import { issueTemporaryKey, type Principal, type TemporaryKey } from "./iam.ts";
import type { CredentialOrigin } from "./request-log.ts";
import type { World } from "./world.ts";

/** Credentials that a machine or container offers to whatever runs on it. */
export interface OfferedRole {
  readonly origin: CredentialOrigin;
  readonly roleName: string;
  readonly principal: Principal;
  /** Milliseconds. */
  readonly lifetime: number;
  current: TemporaryKey | undefined;
}

export interface MetadataState {
  instance: OfferedRole | undefined;
  /** IMDSv2 session tokens and when they end, on the clock's `now()` line. */
  readonly instanceTokens: Map<string, number>;
  container: (OfferedRole & { readonly authorization: string }) | undefined;
}

/** The same key until half of its life is gone, as metadata services do. */
export function currentKey(world: World, offer: OfferedRole): TemporaryKey {
  const { current, lifetime } = offer;
  const stale = current === undefined || (current.expiresAt ?? 0) - world.clock.now() < lifetime / 2;
  if (!stale) return current;
  const { principal, origin, roleName } = offer;
  offer.current = issueTemporaryKey(world, { principal, origin, lifetime, roleName });
  return offer.current;
}
