import type { AwsCredentialIdentity } from "./identity.ts";

/** Credentials as they were obtained, with what is needed to judge them later. */
export interface StoredCredentials {
  readonly identity: AwsCredentialIdentity;
  /** When the source gave them, milliseconds since the epoch. */
  readonly obtainedAt: number;
  /** The profile's name, for people. */
  readonly profile: string;
  /** The source's id, for people. */
  readonly source: string;
  /** How many times in a row AWS refused what was stored here and it was obtained anew; absent: never. */
  readonly refusals?: number;
}

/**
 * Remembers credentials between processes. `key` is a lower-case hexadecimal digest of everything that decides whose credentials
 * they are (source, options, profile), so that a changed configuration never finds yesterday's role.
 */
export interface CredentialStore {
  /** `undefined` if there is nothing. Damaged or foreign content counts as nothing, and is said to the log. */
  read(key: string): Promise<StoredCredentials | undefined>;
  /** Replaces the entry whole. Rejects with the system's error (`ENOSPC`, `EACCES`, …); the old entry then stays. */
  write(key: string, entry: StoredCredentials): Promise<void>;
  /** Nothing happens if there is no such entry. */
  remove(key: string): Promise<void>;
}

/** Credentials given to a consumer, told without any secret. */
export interface Handout {
  /** Names one running process for ever, e.g. its pid with its start time. */
  readonly consumer: string;
  /** Tells credentials apart without being one: the first 16 hexadecimal digits of the SHA-256 of the access key id. */
  readonly fingerprint: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Who was handed what: how a consumer that asks again is recognised as having been refused by AWS. */
export interface HandoutLedger {
  /** What `consumer` was handed last under `key`. */
  last(key: string, consumer: string): Promise<Handout | undefined>;
  record(key: string, handout: Handout): Promise<void>;
}
