import { CredentialError, shellWord, type Platform } from "@keyspring/core";
import { isObject } from "./entries.ts";
import { inWords } from "./system-failure.ts";
import type { SettingsScope } from "./types.ts";

/** What one apply did to one file: enough to undo it exactly. Kept 0600 in `<stateFolder>/backups/`. */
export interface SettingsRecord {
  readonly version: 1;
  readonly scope: SettingsScope;
  /** As it was asked for, and with links followed: the second is the file's identity. */
  readonly path: string;
  readonly realPath: string;
  readonly profile?: string;
  readonly description?: string;
  /** ISO 8601. */
  readonly applied: string;
  /** Name of the copy of what was there, beside the record; absent if there was no file. */
  readonly original?: string;
  /** SHA-256 of every content after which undoing means putting the original back, byte for byte. */
  readonly states: readonly string[];
  /** Folders that did not exist, innermost first. */
  readonly folders: readonly string[];
  readonly entries: readonly RecordedEntry[];
  /** Objects and arrays that were not there, innermost first: empty ones go when the entries go. */
  readonly containers: readonly (readonly string[])[];
  readonly ignored?: IgnoreRecord;
  readonly wrapped?: readonly WrappedProfile[];
}

/** A profile that was written into Keyspring's own configuration just for these settings, as it was written. */
export interface WrappedProfile {
  readonly name: string;
  readonly value: Readonly<Record<string, unknown>>;
}

export interface RecordedEntry {
  readonly kind: "value" | "item";
  readonly path: readonly string[];
  readonly value: unknown;
  /** Present if there was a value before. */
  readonly before?: { readonly value: unknown };
}

/** A line that was added so that git ignores the file. */
export interface IgnoreRecord {
  readonly path: string;
  /** The exact text that was appended. */
  readonly added: string;
  readonly created: boolean;
}

export function backupFolder(platform: Platform, stateFolder: string): string {
  return platform.path.join(stateFolder, "backups");
}

/**
 * Everything applied and not removed since, oldest first.
 * @throws CredentialError INVALID_CONFIGURATION if a record cannot be read
 */
export async function settingsRecords(platform: Platform, stateFolder: string): Promise<SettingsRecord[]> {
  const folder = backupFolder(platform, stateFolder);
  const all = await inWords("read", folder, () => platform.files.list(folder));
  const names = all.filter((name) => /^claude-code-[\da-f]{16}\.json$/.test(name));
  const records = await Promise.all(names.map((name) => readRecordFile(platform, platform.path.join(folder, name))));
  return records.filter((record) => record !== undefined).toSorted((a, b) => a.applied.localeCompare(b.applied));
}

/** The record of a file, also if a link was put in its place since. */
export async function findRecord(
  platform: Platform,
  stateFolder: string,
  realPath: string,
  path: string,
): Promise<SettingsRecord | undefined> {
  const record = await readRecordFile(platform, recordPath(platform, stateFolder, realPath));
  return record ?? (await settingsRecords(platform, stateFolder)).find((other) => other.path === path);
}

export async function writeRecord(platform: Platform, stateFolder: string, record: SettingsRecord): Promise<void> {
  await platform.files.makeFolder(backupFolder(platform, stateFolder), { mode: 0o700 });
  const text = `${JSON.stringify(record, undefined, 2)}\n`;
  await platform.files.writeAtomic(recordPath(platform, stateFolder, record.realPath), text, { mode: 0o600 });
}

export async function removeRecord(platform: Platform, stateFolder: string, record: SettingsRecord): Promise<void> {
  await platform.files.remove(recordPath(platform, stateFolder, record.realPath));
  await sweepOriginals(platform, stateFolder, record.realPath, undefined);
}

/** Keeps what was there under a name of its content, so that an interrupted apply never spoils an older copy. */
export async function writeOriginal(
  platform: Platform,
  stateFolder: string,
  realPath: string,
  bytes: Uint8Array,
): Promise<string> {
  const name = `claude-code-${keyOfPath(platform, realPath)}.${digestOf(platform, bytes).slice(0, 16)}.original`;
  const folder = backupFolder(platform, stateFolder);
  await platform.files.makeFolder(folder, { mode: 0o700 });
  await platform.files.writeAtomic(platform.path.join(folder, name), bytes, { mode: 0o600 });
  return name;
}

export async function readOriginal(platform: Platform, stateFolder: string, name: string): Promise<Uint8Array> {
  const path = platform.path.join(backupFolder(platform, stateFolder), name);
  const bytes = await inWords("read", path, () => platform.files.read(path));
  if (bytes !== undefined) return bytes;
  throw new CredentialError("INVALID_CONFIGURATION", `the copy of the original settings is gone: ${path}`, {
    remedy: "Remove the keys awsCredentialExport, awsAuthRefresh and their env by hand, then delete the record beside it.",
  });
}

/** Removes the copies of a file that no record needs, also those that an interrupted apply left. */
export async function sweepOriginals(
  platform: Platform,
  stateFolder: string,
  realPath: string,
  keep: string | undefined,
): Promise<void> {
  const folder = backupFolder(platform, stateFolder);
  const prefix = `claude-code-${keyOfPath(platform, realPath)}.`;
  const spare = (name: string): boolean => name.startsWith(prefix) && name.endsWith(".original") && name !== keep;
  for (const name of (await platform.files.list(folder)).filter(spare))
    await platform.files.remove(platform.path.join(folder, name));
}

/** SHA-256 of the bytes, as `sha256sum` gives it; of bytes that are no UTF-8 something as unmistakable. */
export function digestOf(platform: Platform, bytes: Uint8Array | undefined): string {
  if (bytes === undefined) return "absent";
  try {
    return platform.digest("sha256", new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    // The platform digests text: every byte becomes a character of its own, behind one that no file begins with.
    return platform.digest("sha256", `\0${Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")}`);
  }
}

function recordPath(platform: Platform, stateFolder: string, realPath: string): string {
  return platform.path.join(backupFolder(platform, stateFolder), `claude-code-${keyOfPath(platform, realPath)}.json`);
}

function keyOfPath(platform: Platform, realPath: string): string {
  return platform.digest("sha256", realPath).slice(0, 16);
}

async function readRecordFile(platform: Platform, path: string): Promise<SettingsRecord | undefined> {
  const text = await inWords("read", path, () => platform.files.readText(path));
  if (text === undefined) return undefined;
  try {
    const record: unknown = JSON.parse(text);
    if (isObject(record) && record["version"] === 1 && Array.isArray(record["entries"]))
      return record as unknown as SettingsRecord;
  } catch {
    // Told below.
  }
  throw new CredentialError("INVALID_CONFIGURATION", `the record of an earlier apply cannot be read: ${path}`, {
    remedy: `Run: mv ${shellWord(path)} ${shellWord(`${path}.broken`)}, then run the command again; the settings themselves are untouched.`,
  });
}
