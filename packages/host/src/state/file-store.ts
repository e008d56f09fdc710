import type { AwsCredentialIdentity, CredentialStore, Log, Platform, StoredCredentials } from "@keyspring/core";
import { protectedIdentity } from "@keyspring/core";
import * as v from "valibot";
import type { Folders } from "../folders.ts";
import { notWritable, securedFolder } from "../secured.ts";
import { readRecord, writeRecord } from "./record-file.ts";

const DAY = 86_400_000;
/** An identity is under 3 KiB with the longest session token that STS gives; ten times that is a mistake. */
const ENTRY_LIMIT = 32 * 1024;

const text = v.pipe(v.string(), v.nonEmpty());
const instant = v.pipe(v.string(), v.isoTimestamp());
const identitySchema = v.strictObject({
  accessKeyId: text,
  secretAccessKey: text,
  sessionToken: v.optional(text),
  expiration: v.optional(instant),
  credentialScope: v.optional(text),
  accountId: v.optional(text),
});
const entrySchema = v.object({
  version: v.literal(1),
  key: text,
  profile: v.string(),
  source: v.string(),
  obtainedAt: v.number(),
  refusals: v.optional(v.number()),
  identity: identitySchema,
  /** SHA-256 of the entry without this field: a flipped bit must not be served as a key. */
  digest: text,
});
type Entry = v.InferOutput<typeof entrySchema>;

/**
 * Credentials under `<state>/credentials/<key>.json`, one file per key, 0600, replaced whole. What has been expired for more than a day
 * is removed at the next write.
 */
export function createFileStore(platform: Platform, folders: Folders, log: Log): CredentialStore {
  const { path, files } = platform;
  const folder = path.join(folders.state, "credentials");
  let secured: Promise<void> | undefined;
  const secure = (): Promise<void> => (secured ??= securedState(platform, folders));
  const fileOf = (key: string): string => path.join(folder, `${checkedKey(key)}.json`);

  return {
    async read(key) {
      await secure();
      const file = fileOf(key);
      const refused = (error: unknown): never => {
        throw notWritable(platform, file, error);
      };
      // Asked first: another process may be about to write it.
      if ((await files.facts(file).catch(refused)) === undefined) return undefined;
      const entry = await readRecord(platform, file, entrySchema).catch(refused);
      if (entry !== undefined && entry.key === key && entry.digest === digestOf(platform, entry)) return restored(entry);
      log.warn("stored credentials are damaged and were ignored", { file });
      return undefined;
    },
    async write(key, stored) {
      await secure();
      const entry = { version: 1, key, ...flat(stored) } as const;
      const whole = { ...entry, digest: digestOf(platform, entry) };
      if (JSON.stringify(whole).length > ENTRY_LIMIT) return log.warn("credentials too long to be stored", { key });
      await writeRecord(platform, fileOf(key), whole);
      await removeOld(platform, folder, log);
    },
    async remove(key) {
      await files.remove(fileOf(key));
    },
  };
}

async function securedState(platform: Platform, folders: Folders): Promise<void> {
  await securedFolder(platform, folders.state);
  await securedFolder(platform, platform.path.join(folders.state, "credentials"));
}

function checkedKey(key: string): string {
  if (!/^[0-9a-f]{16,128}$/.test(key)) throw new Error("a store key is a lower-case hexadecimal digest");
  return key;
}

function flat({
  identity,
  obtainedAt,
  profile,
  source,
  refusals,
}: StoredCredentials): Omit<Entry, "version" | "key" | "digest"> {
  const { accessKeyId, secretAccessKey, sessionToken, expiration, credentialScope, accountId } = identity;
  return {
    profile,
    source,
    obtainedAt,
    ...(refusals === undefined ? {} : { refusals }),
    identity: { accessKeyId, secretAccessKey, sessionToken, expiration: expiration?.toISOString(), credentialScope, accountId },
  };
}

function restored({ identity, obtainedAt, profile, source, refusals }: Entry): StoredCredentials {
  const { expiration, ...rest } = identity;
  const known = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const whole = { ...known, ...(expiration === undefined ? {} : { expiration: new Date(expiration) }) };
  const plain = { obtainedAt, profile, source, ...(refusals === undefined ? {} : { refusals }) };
  return { identity: protectedIdentity(whole as unknown as AwsCredentialIdentity), ...plain };
}

function digestOf(platform: Platform, entry: Omit<Entry, "digest">): string {
  const { identity } = entry;
  const fields = [entry.key, entry.profile, entry.source, entry.obtainedAt, entry.refusals ?? 0];
  const secrets = [identity.accessKeyId, identity.secretAccessKey, identity.sessionToken];
  const rest = [identity.expiration, identity.credentialScope, identity.accountId];
  return platform.digest("sha256", JSON.stringify([fields, secrets, rest]));
}

/** Removes entries that ended more than a day ago, and what crashed writers left behind. */
async function removeOld(platform: Platform, folder: string, log: Log): Promise<void> {
  const { files, path, clock } = platform;
  const limit = clock.now() - DAY;
  try {
    for (const name of await files.list(folder)) {
      const file = path.join(folder, name);
      const facts = await files.facts(file);
      if (facts === undefined || facts.modified > limit || !/^(?:[0-9a-f]{16,128}\.json|\..+\.tmp)$/.test(name)) continue;
      const entry = await readRecord(platform, file, entrySchema);
      const { expiration } = entry?.identity ?? {};
      const lives = entry !== undefined && (expiration === undefined || Date.parse(expiration) > limit);
      if (!lives) await files.remove(file);
    }
  } catch (error) {
    log.warn("old credentials could not be removed", { code: (error as { code?: string }).code });
  }
}
