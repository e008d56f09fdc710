import type { ServiceId } from "./request-log.ts";

/** A token bucket, as AWS throttles: `burst` requests at once, then `perSecond`. */
export interface RateLimit {
  readonly service: ServiceId;
  /** All operations of the service together when absent. */
  readonly operation?: string;
  readonly perSecond: number;
  readonly burst: number;
}

export interface RateLimits {
  set(limits: readonly RateLimit[]): void;
  /** Takes one token from each bucket that applies; false if one was empty. */
  admit(service: ServiceId, operation: string): boolean;
}

export function createRateLimits(): RateLimits {
  let buckets: { limit: RateLimit; tokens: number; filledAt: number }[] = [];
  return {
    set(limits) {
      buckets = limits.map((limit) => ({ limit, tokens: limit.burst, filledAt: performance.now() }));
    },
    admit(service, operation) {
      let admitted = true;
      for (const bucket of buckets) {
        const { limit } = bucket;
        if (limit.service !== service || (limit.operation ?? operation) !== operation) continue;
        const now = performance.now();
        bucket.tokens = Math.min(limit.burst, bucket.tokens + ((now - bucket.filledAt) / 1000) * limit.perSecond);
        bucket.filledAt = now;
        if (bucket.tokens >= 1) bucket.tokens -= 1;
        else admitted = false;
      }
      return admitted;
    },
  };
}
