import { remainingLife } from "./identity.ts";
import type { Handout, StoredCredentials } from "./store.ts";

/** A mint that AWS refuses at once is not cured by the next; the pause between them doubles from here. */
const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 5 * 60_000;

export interface Consumer {
  /** Names one running process for ever, e.g. its pid with its start time. */
  readonly id: string;
  /**
   * Milliseconds from its first request in which more of them mean nothing: 0 for Claude Code's export, which is run once a session;
   * seconds for `credential_process`, which SDKs run two to six times at one start.
   */
  readonly burst: number;
  /** Milliseconds of life below which it asks again of itself: Claude Code at 6 minutes, botocore at 15. */
  readonly asksBelow: number;
}

/**
 * Whether asking again proves that AWS refused what this consumer holds. No consumer says so, but Claude Code runs its export command
 * again within a second of a 403, and otherwise only in the credentials' last minutes.
 */
export function isRejected(
  entry: StoredCredentials,
  fingerprint: string,
  last: Handout | undefined,
  consumer: Consumer,
  now: number,
): boolean {
  if (last === undefined || last.fingerprint !== fingerprint) return false;
  return remainingLife(entry.identity, now) > consumer.asksBelow && now - last.at >= consumer.burst;
}

/** Whether refused credentials may be obtained anew yet. */
export function mayMintAgain(entry: StoredCredentials, now: number): boolean {
  const refusals = entry.refusals ?? 0;
  if (refusals === 0) return true;
  return now - entry.obtainedAt >= Math.min(FIRST_PAUSE * 2 ** (refusals - 1), LONGEST_PAUSE);
}

/** The count after one more refusal; refusals long ago do not count. */
export function refusalsAfter(entry: StoredCredentials, now: number): number {
  return now - entry.obtainedAt > 2 * LONGEST_PAUSE ? 1 : (entry.refusals ?? 0) + 1;
}
