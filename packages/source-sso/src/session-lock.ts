import { isCredentialError, sourceFailed, type CredentialError, type Lock } from "@keyspring/core";
import { cancellation } from "./aws/failure.ts";
import { fileFailure } from "./cache-file.ts";
import type { SsoParts } from "./parts.ts";

/** Only one process of this user redeems or replaces the session's token at a time. The kernel frees the lock when its holder dies. */
export async function lockSession({ platform, session }: SsoParts, signal: AbortSignal): Promise<Lock> {
  try {
    await platform.files.makeFolder(platform.path.dirname(session.lockFile), { mode: 0o700 });
    return await platform.locks.acquire(session.lockFile, signal);
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
