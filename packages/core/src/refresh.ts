import { remainingLife, type AwsCredentialIdentity } from "./identity.ts";

const MINUTE = 60_000;

/**
 * Life that is enough for every consumer. Below 15 minutes botocore asks again at each signature, below 6 Claude Code no longer
 * refreshes ahead, below 5 the JS SDK asks at each call; 20 leaves room for the clock.
 */
export const ENOUGH_LIFE: number = 20 * MINUTE;

/** Within this of the end nothing is served: it would die on its way. */
export const LAST_MOMENT: number = 10_000;

/** Milliseconds that credentials lived or will live in all, as the source gave them; `Infinity` for long-term keys. */
export function wholeLife(identity: AwsCredentialIdentity, obtainedAt: number): number {
  return remainingLife(identity, obtainedAt);
}

/**
 * Whether credentials may still be handed out without asking the source: at least 20 minutes left or, for a source whose
 * credentials live shorter than an hour, a third of what it gives at most.
 */
export function isFreshEnough(identity: AwsCredentialIdentity, obtainedAt: number, now: number): boolean {
  const life = wholeLife(identity, obtainedAt);
  if (life === Number.POSITIVE_INFINITY) return true;
  const left = remainingLife(identity, now);
  return left > LAST_MOMENT && left >= Math.min(ENOUGH_LIFE, life / 3);
}

/** Whether they are still accepted by AWS, so that they beat an error when the source fails for the moment. */
export function isUsable(identity: AwsCredentialIdentity, now: number): boolean {
  return remainingLife(identity, now) > LAST_MOMENT;
}
