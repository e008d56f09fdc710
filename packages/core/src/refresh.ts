import { remainingLife, type AwsCredentialIdentity } from "./identity.ts";

const MINUTE = 60_000;

/**
 * Life that is enough for every consumer. Below 15 minutes botocore asks again at each signature, below 6 Claude Code no longer
 * refreshes ahead, below 5 the JS SDK asks at each call; 20 leaves room for the clock.
 */
export const ENOUGH_LIFE: number = 20 * MINUTE;

/** Within this of the end nothing is served: it would die on its way. */
const LAST_MOMENT: number = 10_000;

/** Of credentials that live shorter than that, this share of their life must be left. */
const SHARE_OF_SHORT_LIFE = 2 / 3;

/**
 * Whether credentials may still be handed out without asking the source: at least 20 minutes left or, where the source gives less than
 * half an hour, two thirds of what it gives. (Two thirds keep 10-minute credentials above the 6 minutes that Claude Code needs.)
 * @param obtainedAt when the source gave them, ms since the epoch
 */
export function isFreshEnough(identity: AwsCredentialIdentity, obtainedAt: number, now: number): boolean {
  const wholeLife = remainingLife(identity, obtainedAt);
  if (wholeLife === Number.POSITIVE_INFINITY) return true;
  const left = remainingLife(identity, now);
  // More left than they ever had: the clock was set back since, so it tells nothing about them.
  if (left > wholeLife + MINUTE) return false;
  return left > LAST_MOMENT && left >= Math.min(ENOUGH_LIFE, wholeLife * SHARE_OF_SHORT_LIFE);
}

/** Whether AWS still accepts them, so that they beat an error when the source fails for the moment. */
export function isUsable(identity: AwsCredentialIdentity, now: number): boolean {
  return remainingLife(identity, now) > LAST_MOMENT;
}
