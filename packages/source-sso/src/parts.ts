import type { Log, Notes, Platform } from "@keyspring/core";
import type { Caller } from "./aws/clients.ts";
import type { SsoSession } from "./session.ts";

/** What every step of this source works with. */
export interface SsoParts {
  readonly platform: Platform;
  readonly session: SsoSession;
  readonly notes: Notes;
  readonly log: Log;
}

/** The SDKs' own number of tries in standard mode. */
export const STANDARD_ATTEMPTS = 3;

export function caller({ platform, session }: SsoParts, signal: AbortSignal, attempts: number = STANDARD_ATTEMPTS): Caller {
  return { platform, region: session.region, signal, attempts };
}

/** For exchanges that are seen through: bounded by the platform's own time limit for a request. */
export function neverAborted(): AbortSignal {
  return new AbortController().signal;
}
