import { isCredentialError, type Clock } from "@keyspring/core";
import { cancellation } from "./aws/failure.ts";

/** What an exchange under way may still take once a person pressed Ctrl-C. */
const GRACE = 2_000;
/** Once a deadline has passed nobody is impatient, and the process ends when its command does: as long as a request may take. */
const GRACE_AFTER_DEADLINE = 10_000;

/**
 * Waits for work that must not be cut off in the middle, such as redeeming a one-time token and storing what comes back. When `signal`
 * aborts, the work is waited for a while longer and then left to end by itself. The work must not depend on `signal`.
 */
export async function seenThrough<T>(work: Promise<T>, clock: Clock, signal: AbortSignal): Promise<T> {
  const ended = new AbortController();
  const gaveUp = new Promise<never>((_, reject) => {
    const giveUp = (): void => {
      const isLate = isCredentialError(signal.reason) && signal.reason.code === "TIMED_OUT";
      const wait = clock.sleep(isLate ? GRACE_AFTER_DEADLINE : GRACE, ended.signal);
      wait.then(
        () => reject(cancellation(signal)),
        () => undefined,
      );
    };
    if (signal.aborted) giveUp();
    else signal.addEventListener("abort", giveUp, { once: true, signal: ended.signal });
  });
  try {
    return await Promise.race([work, gaveUp]);
  } finally {
    ended.abort();
  }
}
