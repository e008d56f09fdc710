import { invalidConfiguration, type Platform } from "@keyspring/core";
import { applyIgnore, undoIgnore } from "./ignore.ts";
import { inWords } from "./system-failure.ts";
import type { PreparedWrite, SettingsPlan } from "./plan.ts";
import {
  backupFolder,
  digestOf,
  sweepOriginals,
  removeRecord,
  writeOriginal,
  writeRecord,
  type SettingsRecord,
} from "./records.ts";
import type { SettingsScope } from "./types.ts";

/**
 * Carries out a plan. The copy of the original and the record come first, so that an interruption at any moment leaves a file that
 * `planRemoval` can put back.
 * @throws CredentialError INVALID_CONFIGURATION if the file changed since the plan was made, or cannot be written
 */
export async function applySettings(platform: Platform, plan: SettingsPlan): Promise<SettingsRecord> {
  const { prepared, ignore } = plan;
  const { stateFolder, base, replaces } = prepared;
  return exclusively(platform, stateFolder, async () => {
    await refuseIfChanged(platform, plan.path, prepared.current);
    const original = base && (await writeOriginal(platform, stateFolder, prepared.record.realPath, base));
    const record: SettingsRecord = {
      ...prepared.record,
      applied: new Date(platform.clock.now()).toISOString(),
      ...(original === undefined ? {} : { original }),
      ...(ignore === undefined ? {} : { ignored: ignore }),
    };
    await writeRecord(platform, stateFolder, record);
    try {
      if (ignore !== undefined) await applyIgnore(platform, ignore);
      await writeSettings(platform, record, prepared);
    } catch (error) {
      // Should this fail too, or somebody have written at the same time, the new record still leads back to the original.
      if (await holds(platform, plan.path, prepared.current).catch(() => false))
        await takeBack(platform, record, plan).catch(() => undefined);
      throw error;
    }
    if (replaces !== undefined && replaces.realPath !== record.realPath) await removeRecord(platform, stateFolder, replaces);
    await sweepOriginals(platform, stateFolder, record.realPath, original);
    return record;
  });
}

/** One apply or removal at a time, whatever the file: they share the folder of records. */
export async function exclusively<T>(platform: Platform, stateFolder: string, work: () => Promise<T>): Promise<T> {
  const folder = backupFolder(platform, stateFolder);
  return inWords("written", folder, async () => {
    await platform.files.makeFolder(folder, { mode: 0o700 });
    const deadline = platform.clock.deadline(10_000);
    try {
      const lock = await platform.locks.acquire(platform.path.join(folder, "claude-code.lock"), deadline.signal);
      try {
        return await work();
      } finally {
        await lock.release();
      }
    } finally {
      deadline.clear();
    }
  });
}

/** Refuses to overwrite what nobody has seen. */
export async function refuseIfChanged(platform: Platform, path: string, seen: Uint8Array | undefined): Promise<void> {
  if (await holds(platform, path, seen)) return;
  throw invalidConfiguration(`${path} was changed by another program in this moment`, "Run the command again.");
}

async function holds(platform: Platform, path: string, bytes: Uint8Array | undefined): Promise<boolean> {
  return digestOf(platform, await platform.files.read(path)) === digestOf(platform, bytes);
}

/** Writes the bytes and reads them back. */
export async function writeVerified(platform: Platform, path: string, bytes: Uint8Array, mode: number): Promise<void> {
  await inWords("written", path, () => platform.files.writeAtomic(path, bytes, { mode }));
  const written = await platform.files.read(path);
  if (digestOf(platform, written) !== digestOf(platform, bytes))
    throw invalidConfiguration(
      `${path} does not hold what was just written`,
      "Another program writes it too; end that one, then try again.",
    );
}

async function writeSettings(
  platform: Platform,
  { path, scope, folders }: SettingsRecord,
  { after, current, mode }: PreparedWrite,
): Promise<void> {
  if (digestOf(platform, after) === digestOf(platform, current)) return;
  for (const folder of folders.toReversed())
    await inWords("written", folder, () => platform.files.makeFolder(folder, { mode: folderMode(scope) }));
  await writeVerified(platform, path, after, mode ?? fileMode(scope));
}

/** The file could not be written: nothing else may look as if it had been. */
async function takeBack(platform: Platform, record: SettingsRecord, { prepared, ignore }: SettingsPlan): Promise<void> {
  const { stateFolder, replaces } = prepared;
  if (ignore !== undefined) await undoIgnore(platform, ignore);
  if (replaces !== undefined) return writeRecord(platform, stateFolder, replaces);
  await removeRecord(platform, stateFolder, record);
  for (const folder of record.folders) await platform.files.removeFolder(folder);
}

/** Others must be able to read what is shared, and nobody else what is not. */
const fileMode = (scope: SettingsScope): number => (scope === "user" || scope === "local" ? 0o600 : 0o644);
const folderMode = (scope: SettingsScope): number => (scope === "user" ? 0o700 : 0o755);
