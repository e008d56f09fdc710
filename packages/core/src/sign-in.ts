import { CredentialError, isCredentialError, shellWord, type ErrorCode } from "./errors.ts";
import type { Log } from "./log.ts";
import type { Platform } from "./platform.ts";
import type { Target } from "./resolver.ts";
import type { Interaction, SignInPrompt } from "./source.ts";

/** A sign-in under way, or how the last one ended: what a second process needs to join it. Holds nothing secret. */
export interface PendingSignIn {
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly prompt?: SignInPrompt;
  /** Present once it ended well, milliseconds since the epoch: who was told before then that a person is needed asks again. */
  readonly signedInAt?: number;
  /** Present once it failed, so that those who joined fail with it instead of opening the next tab. */
  readonly failed?: { readonly at: number; readonly code: ErrorCode; readonly message: string; readonly remedy?: string };
}

export interface PendingSignIns {
  read(scope: string): Promise<PendingSignIn | undefined>;
  write(scope: string, record: PendingSignIn): Promise<void>;
  remove(scope: string): Promise<void>;
}

export interface SignInParts {
  readonly platform: Pick<Platform, "clock" | "locks" | "self">;
  readonly pending: PendingSignIns;
  readonly log: Log;
  lockFile(scope: string): string;
}

export interface SignInOptions {
  readonly signal: AbortSignal;
  readonly force?: boolean;
  /** Resolves to true when the sign-in is no longer needed, e.g. because another process ended it well. */
  isDone(): Promise<boolean>;
}

const LOOK_AGAIN = 400;

/**
 * Signs a person in, or joins the sign-in that another process of this user already shows: the same address and code, ended when it
 * ends. If that process dies, the next in line goes on with it.
 */
export async function signIn(
  parts: SignInParts,
  target: Target,
  interaction: Interaction,
  options: SignInOptions,
): Promise<void> {
  const { platform, pending } = parts;
  const { source, profile } = target;
  if (source.signIn === undefined)
    throw new CredentialError("SOURCE_FAILED", `the source of ${profile} has no sign-in`, {
      remedy: `See what it needs: keyspring explain --profile ${shellWord(profile)}`,
    });
  const scope = source.signInScope ?? target.key;
  const arrivedAt = platform.clock.now();
  let shown = "";
  for (;;) {
    const lock = await platform.locks.tryAcquire(parts.lockFile(scope));
    let other: PendingSignIn | undefined;
    try {
      // Read with the lock in hand or known to be another's, so that an end between the two is never missed.
      other = await pending.read(scope);
      if (other?.failed !== undefined && other.failed.at >= arrivedAt) throw rebuilt(other.failed);
      if (lock !== undefined) {
        if (!options.force && (await options.isDone())) return;
        return await lead(parts, target, interaction, options, scope);
      }
    } finally {
      await lock?.release();
    }
    if (other?.prompt !== undefined && JSON.stringify(other.prompt) !== shown) {
      shown = JSON.stringify(other.prompt);
      await interaction.show(other.prompt);
    }
    await platform.clock.sleep(LOOK_AGAIN, options.signal);
  }
}

async function lead(
  parts: SignInParts,
  target: Target,
  interaction: Interaction,
  options: SignInOptions,
  scope: string,
): Promise<void> {
  const { platform, pending, log } = parts;
  const { profile, source } = target;
  const base = { pid: platform.self.pid, startedAt: platform.clock.now() };
  const recording: Interaction = {
    ...interaction,
    async show(prompt) {
      await pending.write(scope, { ...base, prompt });
      await interaction.show(prompt);
    },
  };
  await pending.write(scope, base);
  try {
    const force = options.force === true ? { force: true } : {};
    await source.signIn!({ profile, reason: "absent", signal: options.signal, ...force }, recording);
    const signedInAt = platform.clock.now();
    // Those that looked in between read it; without it they only send their caller away once more.
    await pending.write(scope, { ...base, signedInAt }).catch(() => pending.remove(scope));
    log.info("signed in", { profile, source: target.sourceId });
  } catch (error) {
    const ended = isCredentialError(error) && error.code !== "CANCELLED" && !options.signal.aborted;
    // A caller that merely ran out of time leaves the sign-in to the next one.
    if (ended) {
      const { code, message, remedy } = error;
      const failed = { at: platform.clock.now(), code, message, ...(remedy ? { remedy } : {}) };
      // A full disk must not hide why it failed.
      await pending.write(scope, { ...base, failed }).catch(() => {});
    } else await pending.remove(scope).catch(() => {});
    log.warn("sign-in did not end well", { profile, code: isCredentialError(error) ? error.code : "INTERNAL" });
    throw error;
  }
}

function rebuilt({ code, message, remedy }: NonNullable<PendingSignIn["failed"]>): CredentialError {
  return new CredentialError(code, message, { remedy: remedy ?? "Try again." });
}
