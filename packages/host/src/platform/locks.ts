import { closeSync, fstatSync, openSync, statSync, type Stats } from "node:fs";
import * as path from "node:path";
import { CredentialError, invalidConfiguration, type Lock, type Locks } from "@keyspring/core";
import { systemClock } from "./clock.ts";
import { makeFolder } from "./make-folder.ts";
import { codeOf, isAbsence } from "./system-error.ts";

/** How long a waiter sleeps between attempts: at first shorter than a store read, then no longer than a person notices. */
const FIRST_SLEEP = 5;
const LONGEST_SLEEP = 60;
/** What file systems without locks answer. */
const UNSUPPORTED = new Set(["ENOLCK", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

/**
 * Locks of the kernel, one per open file: they exclude other processes and other callers of this one alike, and end when the
 * descriptor closes, so also when the process is killed. The lock file stays where it is; removing it would let two in.
 */
export const systemLocks: Locks = { acquire, tryAcquire };

async function acquire(file: string, signal: AbortSignal): Promise<Lock> {
  for (let pause = FIRST_SLEEP; ; pause = Math.min(pause * 1.5, LONGEST_SLEEP)) {
    signal.throwIfAborted();
    const lock = await tryAcquire(file);
    if (lock !== undefined) return lock;
    // Waiters that began together must not stay in step.
    await systemClock.sleep(pause * (0.5 + Math.random() / 2), signal);
  }
}

async function tryAcquire(file: string): Promise<Lock | undefined> {
  const native = await nativeLocks();
  // A bare descriptor: a FileHandle that is no longer referenced would be closed by the garbage collector, and the lock with it.
  const descriptor = await open(file);
  let taken = false;
  try {
    // A file that was replaced in between is no longer the one that others lock.
    taken = native.tryLock(descriptor) && isStillAt(descriptor, file);
  } catch (error) {
    throw explained(error, file);
  } finally {
    if (!taken) closeSync(descriptor);
  }
  return taken ? holdingLock(descriptor) : undefined;
}

async function nativeLocks(): Promise<typeof import("fs-native-extensions").default> {
  try {
    return (await import("fs-native-extensions")).default;
  } catch (error) {
    throw new CredentialError(
      "INTERNAL",
      `the part of Keyspring that locks files does not work on this system (${process.platform}-${process.arch})`,
      {
        remedy: "Install Keyspring again; if that does not help, report it.",
        cause: error,
      },
    );
  }
}

function holdingLock(descriptor: number): Lock {
  let held = true;
  return {
    async release() {
      if (held) closeSync(descriptor);
      held = false;
    },
  };
}

async function open(file: string): Promise<number> {
  try {
    return openSync(file, "a+", 0o600);
  } catch (error) {
    if (!isAbsence(error)) throw error;
    await makeFolder(path.dirname(file), { mode: 0o700 });
    return openSync(file, "a+", 0o600);
  }
}

function isStillAt(descriptor: number, file: string): boolean {
  const held = fstatSync(descriptor);
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && isSameFile(held, found, process.platform);
}

/** On Windows some versions of Node tell the volume of an open file but not that of a path (libuv 1.49 and 1.50). */
export function isSameFile(held: Pick<Stats, "ino" | "dev">, found: Pick<Stats, "ino" | "dev">, os: NodeJS.Platform): boolean {
  return held.ino === found.ino && (os === "win32" || held.dev === found.dev);
}

function explained(error: unknown, file: string): unknown {
  if (!UNSUPPORTED.has(codeOf(error) ?? "")) return error;
  return invalidConfiguration(
    `the file system of ${path.dirname(file)} has no locks`,
    "Set KEYSPRING_STATE_DIR to a folder on a local disk.",
    error,
  );
}
