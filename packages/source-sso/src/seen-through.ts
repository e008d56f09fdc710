import type { Clock } from "@keyspring/core";
import { cancellation } from "./aws/failure.ts";

/** What an exchange under way may still take once its caller gave up. */
const GRACE = 2_000;

/**
 * Waits for work that must not be cut off in the middle, such as redeeming a one-time token and storing what comes back. When `signal`
 * aborts, the work is waited for a moment longer and then left to end by itself. The work must not depend on `signal`.
 */
export async function seenThrough<T>(work: Promise<T>, clock: Clock, signal: AbortSignal): Promise<T> {
  const ended = new AbortController();
  const gaveUp = new Promise<never>((_, reject) => {
    const giveUp = (): void => {
      const wait = clock.sleep(GRACE, ended.signal);
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
