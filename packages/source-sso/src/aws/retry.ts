import { isCredentialError, type Platform } from "@keyspring/core";

type Machine = Pick<Platform, "clock" | "random">;
type Kind = "THROTTLING" | "TRANSIENT" | "SERVER_ERROR" | "CLIENT_ERROR";

interface RetryToken {
  getRetryCount(): number;
  getRetryDelay(): number;
}
/** `RetryStrategyV2` of `@smithy/types`, as far as the clients use it. */
export interface RetryStrategy {
  readonly mode: string;
  acquireInitialRetryToken(): Promise<RetryToken>;
  refreshRetryTokenForRetry(
    token: RetryToken,
    failure: { readonly errorType: Kind; readonly error?: unknown },
  ): Promise<RetryToken>;
  recordSuccess(): void;
}

const BASE = 50;
const THROTTLED_BASE = 1_000;
const LONGEST = 20_000;
/** A server's own wish is honoured up to this much more than the computed pause. */
const MOST_EXTRA = 5_000;

/**
 * The SDK's standard mode on the platform's clock: full jitter, doubling from 50 ms, from 1 s when throttled. The SDK's own strategy waits
 * on timers that neither a signal nor a test can end.
 */
export function retryStrategy({ clock, random }: Machine, attempts: number, signal: AbortSignal): RetryStrategy {
  return {
    mode: "standard",
    acquireInitialRetryToken: async () => token(0),
    async refreshRetryTokenForRetry(last, { errorType, error }) {
      const count = last.getRetryCount();
      const isWorthIt =
        errorType === "THROTTLING" || errorType === "TRANSIENT" || errorType === "SERVER_ERROR" || isLostConnection(error);
      if (!isWorthIt || count + 1 >= attempts || signal.aborted) throw new Error("not tried again");
      const base = errorType === "THROTTLING" ? THROTTLED_BASE : BASE;
      const pause = Math.floor(fraction(random) * Math.min(base * 2 ** count, LONGEST));
      await clock.sleep(Math.max(pause, Math.min(wishedPause(error), pause + MOST_EXTRA)), signal);
      return token(count + 1);
    },
    recordSuccess() {},
  };
}

const token = (count: number): RetryToken => ({ getRetryCount: () => count, getRetryDelay: () => 0 });

/** Not `TIMED_OUT`: who waited ten seconds in vain has no time for two more tries. */
function isLostConnection(error: unknown): boolean {
  return isCredentialError(error) && error.code === "NETWORK";
}

function wishedPause(error: unknown): number {
  const headers = (error as { $response?: { headers?: Record<string, string> } } | undefined)?.$response?.headers;
  const seconds = Number(headers?.["retry-after"]);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
}

function fraction(random: Platform["random"]): number {
  const [high = 0, low = 0] = random(2);
  return (high * 256 + low) / 65_536;
}
