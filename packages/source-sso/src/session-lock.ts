import { isCredentialError, sourceFailed, type CredentialError, type Lock, type Locks } from "@keyspring/core";
import { cancellation } from "./aws/failure.ts";
import { fileFailure } from "./cache-file.ts";
import type { SsoParts } from "./parts.ts";

/** Only one process of this user redeems or replaces the session's token at a time. The kernel frees the lock when its holder dies. */
export async function lockSession(parts: SsoParts, signal: AbortSignal): Promise<Lock> {
  return locking(parts, signal, (locks, file) => locks.acquire(file, signal));
}

/** The same without waiting; `undefined` if somebody else is at it. */
export async function tryLockSession(parts: SsoParts, signal: AbortSignal): Promise<Lock | undefined> {
  return locking(parts, signal, (locks, file) => locks.tryAcquire(file));
}

async function locking<Held>(
  { platform, session }: SsoParts,
  signal: AbortSignal,
  take: (locks: Locks, file: string) => Promise<Held>,
): Promise<Held> {
  try {
    await platform.files.makeFolder(platform.path.dirname(session.lockFile), { mode: 0o700 });
    return await take(platform.locks, session.lockFile);
  } catch (error) {
    if (signal.aborted) throw cancellation(signal);
    throw isCredentialError(error) ? noLocks(session.lockFile) : fileFailure(error, "lock", session.lockFile);
  }
}

/** The platform says so of file systems without locks, of which some networks' are. */
function noLocks(file: string): CredentialError {
  return sourceFailed(
    `${file} cannot be locked on its file system, so the sign-in cannot be renewed safely`,
    "Keep ~/.aws/sso on a local disk; a symbolic link to one will do.",
  );
}
