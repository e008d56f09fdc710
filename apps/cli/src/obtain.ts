import {
  CredentialError,
  isCredentialError,
  shellWord,
  signIn,
  type Consumer,
  type Deadline,
  type Interaction,
  type StoredCredentials,
  type Target,
} from "@keyspring/core";
import type { ProfileSelection } from "@keyspring/host";
import { sessionKind } from "./claude/session-kind.ts";
import { explained } from "./present/error.ts";
import type { Services } from "./services.ts";
import { signInLockFile } from "./sign-in-lock.ts";

/** A profile on its way to credentials. */
export interface Errand {
  readonly selection: ProfileSelection;
  readonly target: Target;
}

/** The profile that a command was asked for, with its source. */
export async function errandFor(services: Services, flag: string | undefined): Promise<Errand> {
  const selection = await services.profiles.select(flag);
  return { selection, target: await services.targets.of(selection) };
}

/** Runs `work` with a signal that ends it after `milliseconds` or when the person interrupts; says which it was. */
export async function within<Result>(
  services: Services,
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const deadline: Deadline = services.platform.clock.deadline(milliseconds, services.interrupted);
  try {
    return await work(deadline.signal);
  } catch (error) {
    // Whatever an aborted client throws, the reason is that time was up or that someone pressed Ctrl-C.
    throw deadline.signal.aborted && !knowsBetter(error, deadline.signal.reason) ? deadline.signal.reason : error;
  } finally {
    deadline.clear();
  }
}

/** Only a person can help, or it says what did not end in time. */
function knowsBetter(error: unknown, reason: unknown): boolean {
  if (!isCredentialError(error)) return false;
  return (
    error.code === "SIGN_IN_REQUIRED" ||
    (error.code === "TIMED_OUT" && isCredentialError(reason) && reason.code === "TIMED_OUT")
  );
}

export interface ObtainOptions {
  readonly signal: AbortSignal;
  readonly consumer?: Consumer;
  readonly freshOnly?: boolean;
}

/** Credentials for the errand; a failure is remembered for `status`, since Claude Code and the SDKs show none. */
export async function obtain(services: Services, { target }: Errand, options: ObtainOptions): Promise<StoredCredentials> {
  const { errors, resolver } = services;
  try {
    const entry = await resolver.resolve(target, options);
    await errors.clear(target.profile).catch(() => {});
    return entry;
  } catch (error) {
    await remember(services, target.profile, error);
    throw error;
  }
}

/** Keeps a failure where `status` finds it. */
export async function remember(services: Services, profile: string, error: unknown): Promise<void> {
  const { code, message, remedy } = explained(error);
  if (code === "CANCELLED") return;
  const redact = (text: string): string => services.redactor.redact(text);
  const at = services.platform.clock.now();
  const record = { at, code, message: redact(message), ...(remedy === undefined ? {} : { remedy: redact(remedy) }) };
  await services.errors.record(profile, record).catch(() => {});
}

/** Signs a person in (or joins the sign-in under way) until the source can provide. */
export async function signInFor(
  services: Services,
  { target }: Errand,
  interaction: Interaction,
  options: { readonly signal: AbortSignal; readonly force?: boolean },
): Promise<void> {
  const { platform, pending, log, resolver } = services;
  const lockFile = (scope: string): string => signInLockFile(services, scope);
  const isDone = async (): Promise<boolean> => {
    try {
      await resolver.resolve(target, { signal: options.signal, freshOnly: true });
      return true;
    } catch (error) {
      if (isCredentialError(error) && error.code === "SIGN_IN_REQUIRED") return false;
      throw error;
    }
  };
  try {
    await signIn({ platform, pending, log, lockFile }, target, interaction, { ...options, isDone });
  } catch (error) {
    await remember(services, target.profile, error);
    throw error;
  }
}

/** How Claude Code runs its export command, and how the SDK in it runs a `credential_process`. */
const CONSUMERS: Readonly<Record<ConsumerKind, Omit<Consumer, "id">>> = {
  export: { burst: 0, asksBelow: 6 * 60_000 },
  process: { burst: 5_000, asksBelow: 15 * 60_000 },
};

export type ConsumerKind = "export" | "process";

/**
 * The session of Claude Code that will use what is printed: known by the variable that it gives to its commands, or by `--guard`, which only
 * its settings say. Anybody else may ask as often as they like: a shell loop or a second boto3 session proves nothing.
 */
export async function consumerOf({ platform }: Services, kind: ConsumerKind, guard: boolean): Promise<Consumer | undefined> {
  if (!guard && sessionKind(platform) === "none") return undefined;
  const caller = await platform.processes.caller().catch(() => undefined);
  return caller === undefined ? undefined : { id: `${caller.pid}@${caller.started}`, ...CONSUMERS[kind] };
}

export function cannotSignIn(profile: string): CredentialError {
  return new CredentialError("SIGN_IN_REQUIRED", `the source of ${profile} has no sign-in of its own`, {
    remedy: `See what it needs: keyspring explain --profile ${shellWord(profile)}`,
  });
}
