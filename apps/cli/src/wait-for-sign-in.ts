import type { Errand } from "./obtain.ts";
import { signInLockFile } from "./sign-in-lock.ts";
import type { Services } from "./services.ts";

const LOOK_AGAIN = 250;
/** An Identity Center code lives for ten minutes; no sign-in is waited for longer. */
const LONGEST = 10 * 60_000;

/** Waits while another process signs a person in for this errand. False if nobody does. */
export async function waitForSignIn(services: Services, { target }: Errand): Promise<boolean> {
  const { platform, interrupted } = services;
  const file = signInLockFile(services, target.source.signInScope ?? target.key);
  const end = platform.clock.now() + LONGEST;
  let waited = false;
  for (;;) {
    const lock = await platform.locks.tryAcquire(file);
    if (lock !== undefined) {
      await lock.release();
      return waited;
    }
    if (platform.clock.now() > end) return false;
    waited = true;
    await platform.clock.sleep(LOOK_AGAIN, interrupted);
  }
}
