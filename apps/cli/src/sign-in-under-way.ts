import type { PendingSignIn } from "@keyspring/core";
import type { Errand } from "./obtain.ts";
import type { Services } from "./services.ts";
import { signInLockFile } from "./sign-in-lock.ts";

/** The sign-in that some process is showing to a person for this errand, if there is one. Its prompt may not be there yet. */
export async function signInUnderWay(
  { platform, folders, pending }: Services,
  { target }: Errand,
): Promise<Pick<PendingSignIn, "prompt"> | undefined> {
  const scope = target.source.signInScope ?? target.key;
  const lock = await platform.locks.tryAcquire(signInLockFile({ platform, folders }, scope));
  await lock?.release();
  if (lock !== undefined) return undefined;
  const record = await pending.read(scope);
  // Others take the lock for a moment just to look, as this does.
  const isOver = record === undefined || record.failed !== undefined || record.signedInAt !== undefined;
  return isOver ? undefined : record;
}

/** Whether a sign-in for this errand ended well at or after `since` (milliseconds since the epoch). */
export async function signedInSince(
  { pending }: Pick<Services, "pending">,
  { target }: Errand,
  since: number,
): Promise<boolean> {
  const record = await pending.read(target.source.signInScope ?? target.key);
  return (record?.signedInAt ?? Number.NEGATIVE_INFINITY) >= since;
}
