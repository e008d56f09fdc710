import type { Platform } from "@keyspring/core";
import { valueAt, type Entry } from "./entries.ts";
import { settingsBytes, valueOf } from "./json-text.ts";
import type { LoadedSettings } from "./load.ts";
import { digestOf, readOriginal, type RecordedEntry, type SettingsRecord } from "./records.ts";
import { undoEntries } from "./undo.ts";

/** What undoing leads back to; without bytes: no file. */
export interface Base {
  readonly bytes: Uint8Array | undefined;
  readonly value: unknown;
}

/** What was there before Keyspring: the kept original, or, if others changed the file since, the file without what is ours. */
export async function baseOf(
  platform: Platform,
  stateFolder: string,
  current: LoadedSettings,
  earlier: SettingsRecord | undefined,
): Promise<Base> {
  if (earlier === undefined) return { bytes: current.bytes, value: current.value };
  if (earlier.states.includes(digestOf(platform, current.bytes))) {
    if (earlier.original === undefined) return { bytes: undefined, value: {} };
    const bytes = await readOriginal(platform, stateFolder, earlier.original);
    return { bytes, value: valueOf(new TextDecoder().decode(bytes)) };
  }
  const { text } = undoEntries(current.text, earlier);
  const value = valueOf(text);
  const nothing = earlier.original === undefined && Object.keys(value).length === 0;
  return nothing || current.bytes === undefined
    ? { bytes: undefined, value: {} }
    : { bytes: settingsBytes(text, current.bom), value };
}

/** An entry with what stood in its place. */
export function recorded(base: unknown, { kind, path, value }: Entry): RecordedEntry {
  const before = kind === "value" ? valueAt(base, path) : undefined;
  return { kind, path, value, ...(before === undefined ? {} : { before: { value: before } }) };
}

/** Objects and arrays on the way to the entries that the base lacks, innermost first. */
export function containersOf(base: unknown, entries: readonly RecordedEntry[]): string[][] {
  const made = new Map<string, string[]>();
  for (const { kind, path } of entries) {
    const depth = kind === "item" ? path.length : path.length - 1;
    for (let length = depth; length > 0; length -= 1) {
      const container = path.slice(0, length);
      if (valueAt(base, container) === undefined) made.set(container.join("\0"), container);
    }
  }
  return [...made.values()].toSorted((a, b) => b.length - a.length);
}

/** Folders that Keyspring makes or made for the file, innermost first. */
export async function foldersMade(
  { files, path }: Platform,
  file: string,
  earlier: SettingsRecord | undefined,
): Promise<string[]> {
  const made = new Set(earlier?.folders);
  let folder = path.dirname(file);
  for (; (await files.facts(folder)) === undefined && path.dirname(folder) !== folder; folder = path.dirname(folder))
    made.add(folder);
  return [...made].toSorted((a, b) => b.length - a.length);
}
