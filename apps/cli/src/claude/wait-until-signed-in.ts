import { isFreshEnough } from "@keyspring/core";
import { consumerOf, type Errand } from "../obtain.ts";
import type { Services } from "../services.ts";

const LOOK_AGAIN = 1_000;
const LONGEST = 5 * 60_000;

/**
 * Waits for somebody to sign in, in whatever way. False when nobody did, the wait was interrupted, or the session that asked is no more.
 * Asks nobody itself.
 */
export async function waitUntilSignedIn(services: Services, { target }: Errand, consumer: string): Promise<boolean> {
  const { platform, store, interrupted } = services;
  const { clock } = platform;
  const end = clock.now() + LONGEST;
  const seen = await sessionOf(target);
  while (clock.now() < end) {
    try {
      await clock.sleep(LOOK_AGAIN, interrupted);
    } catch {
      return false;
    }
    // A session that was killed cannot tell: whoever looks for it then finds another process in its place.
    if ((await consumerOf(services, "export", true))?.id !== consumer) return false;
    const entry = await store.read(target.key);
    if (entry !== undefined && isFreshEnough(entry.identity, entry.obtainedAt, clock.now())) return true;
    // `aws sso login` in another terminal leaves nothing in the store, but a token in the cache.
    const session = await sessionOf(target);
    if (session !== seen && session.startsWith("active")) return true;
  }
  return false;
}

async function sessionOf({ source }: Errand["target"]): Promise<string> {
  const session = await source.session?.();
  return session === undefined ? "none" : `${session.state} ${session.expiration?.getTime() ?? ""}`;
}
