import { isCredentialError } from "./errors.ts";
import type { AwsCredentialIdentity } from "./identity.ts";
import type { Log } from "./log.ts";
import type { Platform } from "./platform.ts";
import { isFreshEnough, isUsable } from "./refresh.ts";
import { isRejected, mayMintAgain, refusalsAfter, type Consumer } from "./rejection.ts";
import type { CredentialRequest, CredentialSource } from "./source.ts";
import type { CredentialStore, HandoutLedger, StoredCredentials } from "./store.ts";
import { checkedIdentity } from "./wire/index.ts";

export interface ResolverParts {
  readonly platform: Pick<Platform, "clock" | "locks" | "digest">;
  readonly store: CredentialStore;
  readonly ledger: HandoutLedger;
  readonly log: Log;
  /** The lock file of a store key. */
  lockFile(key: string): string;
  /** Called with every secret that comes from a source, before anything else sees it. */
  keepSecret(value: string | undefined): void;
}

/** Whose credentials are wanted, and who can give them. */
export interface Target {
  readonly profile: string;
  /** The source's id, for people. */
  readonly sourceId: string;
  /** Digest of all that decides whose credentials they are: source, options, profile. */
  readonly key: string;
  readonly source: CredentialSource;
}

export interface ResolveOptions {
  readonly signal: AbortSignal;
  /** Who will use them, if that is known: asking again while holding good ones means that AWS refused those. */
  readonly consumer?: Consumer;
  /** Fail rather than answer with credentials that are valid but no longer fresh, so that the caller can sign a person in. */
  readonly freshOnly?: boolean;
}

export interface Resolver {
  /** Credentials that are fresh enough: from the store if it can, from the source under a lock if it must. */
  resolve(target: Target, options: ResolveOptions): Promise<StoredCredentials>;
}

/** What credentials that name no end are taken to live. AWS refusing them earlier is noticed like any other refusal. */
const ASSUMED_LIFE = 60 * 60_000;

export function createResolver(parts: ResolverParts): Resolver {
  const { store, ledger, log, platform } = parts;
  const now = (): number => platform.clock.now();
  const isFresh = (entry: StoredCredentials): boolean => isFreshEnough(entry.identity, entry.obtainedAt, now());
  const fingerprint = (entry: StoredCredentials): string => platform.digest("sha256", entry.identity.accessKeyId).slice(0, 16);

  /** The fingerprint of what AWS refused this consumer, if it did and new ones may be had. */
  async function refused(key: string, entry: StoredCredentials, consumer: Consumer | undefined): Promise<string | undefined> {
    if (consumer === undefined) return undefined;
    const last = await ledger.last(key, consumer.id).catch(unnoted);
    const print = fingerprint(entry);
    return isRejected(entry, print, last, consumer, now()) && mayMintAgain(entry, now()) ? print : undefined;
  }

  async function handOut(key: string, entry: StoredCredentials, consumer: Consumer | undefined): Promise<StoredCredentials> {
    if (consumer !== undefined) {
      const last = await ledger.last(key, consumer.id).catch(unnoted);
      const handout = { consumer: consumer.id, fingerprint: fingerprint(entry), at: now() };
      // Only the first handout of each is noted: `at` then tells how long this consumer has had them.
      if (last?.fingerprint !== handout.fingerprint) await ledger.record(key, handout).catch(unnoted);
    }
    return entry;
  }

  /** Good credentials beat a ledger that cannot be kept: a refusal goes unrecognised, that is all. */
  function unnoted(error: unknown): undefined {
    log.warn("who was handed what could not be noted", { code: (error as NodeJS.ErrnoException).code });
    return undefined;
  }

  async function provide(
    target: Target,
    reason: CredentialRequest["reason"],
    signal: AbortSignal,
    refusals: number,
  ): Promise<StoredCredentials> {
    const { profile, sourceId, source, key } = target;
    const identity = withExpiration(checkedIdentity(await source.provide({ profile, reason, signal }), now()), now());
    parts.keepSecret(identity.secretAccessKey);
    parts.keepSecret(identity.sessionToken);
    const entry = { identity, obtainedAt: now(), profile, source: sourceId, ...(refusals > 0 ? { refusals } : {}) };
    await store.write(key, entry).catch((error: unknown) => {
      // Good credentials beat a full disk: the next caller asks the source again, that is all.
      log.warn("the credentials could not be stored", { profile, code: (error as NodeJS.ErrnoException).code });
    });
    log.info("credentials obtained", { profile, source: sourceId, reason, expiration: identity.expiration?.toISOString() });
    return entry;
  }

  async function underLock(
    target: Target,
    options: ResolveOptions,
    refusedPrint: string | undefined,
  ): Promise<StoredCredentials> {
    const entry = await store.read(target.key);
    const isRefused = entry !== undefined && fingerprint(entry) === refusedPrint;
    if (entry !== undefined && isFresh(entry) && !isRefused) return entry;
    const reason = isRefused ? "rejected" : entry === undefined ? "absent" : "expiring";
    if (isRefused) log.warn("AWS refused these credentials; obtaining new ones", { profile: target.profile });
    try {
      return await provide(target, reason, options.signal, isRefused ? refusalsAfter(entry, now()) : 0);
    } catch (error) {
      const needsPerson = isCredentialError(error) && error.code === "SIGN_IN_REQUIRED";
      // So that the next `refresh` does not take refused credentials for fresh ones.
      if (isRefused && needsPerson) await store.remove(target.key);
      throw error;
    }
  }

  async function obtain(target: Target, options: ResolveOptions, refusedPrint: string | undefined): Promise<StoredCredentials> {
    const lock = await platform.locks.acquire(parts.lockFile(target.key), options.signal);
    try {
      return await underLock(target, options, refusedPrint);
    } finally {
      await lock.release();
    }
  }

  /** What is left when no new ones can be had: valid credentials beat an error. */
  async function lastGood(
    { key, profile }: Target,
    { freshOnly, signal }: ResolveOptions,
    refusedPrint: string | undefined,
    error: unknown,
  ): Promise<StoredCredentials> {
    const entry = freshOnly || isInterrupted(signal) ? undefined : await store.read(key);
    if (entry === undefined || fingerprint(entry) === refusedPrint || !isUsable(entry.identity, now())) throw error;
    log.warn("the source failed; serving the last good credentials", { profile });
    return entry;
  }

  return {
    async resolve(target, options) {
      const { key } = target;
      const entry = await store.read(key);
      const refusedPrint = entry === undefined ? undefined : await refused(key, entry, options.consumer);
      if (entry !== undefined && isFresh(entry) && refusedPrint === undefined) return handOut(key, entry, options.consumer);
      const found = await obtain(target, options, refusedPrint).catch((error: unknown) =>
        lastGood(target, options, refusedPrint, error),
      );
      return handOut(key, found, options.consumer);
    },
  };
}

/** Someone wants no answer any more; a deadline that has passed still wants the best there is. */
function isInterrupted({ aborted, reason }: AbortSignal): boolean {
  return aborted && !(isCredentialError(reason) && reason.code === "TIMED_OUT");
}

/** Consumers keep credentials without an end for ever, so everything handed out has one. */
function withExpiration(identity: AwsCredentialIdentity, now: number): AwsCredentialIdentity {
  return identity.expiration === undefined ? { ...identity, expiration: new Date(now + ASSUMED_LIFE) } : identity;
}
