import { invalidConfiguration, type Platform } from "@keyspring/core";
import { appendItem, replaceItem, setValue } from "./edit.ts";
import { desiredEntries, has, indexOfItem, isObject, HELPERS, keyOf, valueAt, type Entry } from "./entries.ts";
import { planIgnore, type IgnorePlan } from "./ignore.ts";
import { settingsBytes } from "./json-text.ts";
import { loadSettings, refuseUnwritableFolder, SIZE_LIMIT, type LoadedSettings } from "./load.ts";
import { settingsLocation } from "./location.ts";
import { digestOf, findRecord, readOriginal, type RecordedEntry, type SettingsRecord } from "./records.ts";
import { shown, unifiedDiff } from "./show.ts";
import type { DesiredSettings, Finding, SettingsChange, SettingsLocation, SettingsTarget } from "./types.ts";
import { pruned, undoEntries } from "./undo.ts";
import { planFindings } from "./warnings.ts";

export interface PlanRequest extends SettingsTarget {
  /** Keyspring's state folder; records and originals lie in its `backups/`. */
  readonly stateFolder: string;
  readonly desired: DesiredSettings;
  readonly profile?: string;
  /** For people; kept in the record, since Claude Code has no such key. */
  readonly description?: string;
}

/** Exactly what would be written, and what people should know first. */
export interface SettingsPlan {
  readonly location: SettingsLocation;
  readonly path: string;
  /** False if the file already says all of it. */
  readonly changed: boolean;
  readonly changes: readonly SettingsChange[];
  /** Warnings: what cannot be done is thrown. */
  readonly findings: readonly Finding[];
  /** Unified diff for `--dry-run`, secrets masked; empty if nothing changes. */
  readonly diff: string;
  /** The text that git would be told, if the local file has to be ignored first. */
  readonly ignore: IgnorePlan | undefined;
  /** For `applySettings` alone. */
  readonly prepared: PreparedWrite;
}

export interface PreparedWrite {
  readonly stateFolder: string;
  /** What the file held when the plan was made. */
  readonly current: Uint8Array | undefined;
  readonly after: Uint8Array;
  /** The file's own, if there is one. */
  readonly mode: number | undefined;
  /** What undoing leads back to; `undefined`: no file. */
  readonly base: Uint8Array | undefined;
  readonly record: Omit<SettingsRecord, "applied" | "original">;
  readonly replaces: SettingsRecord | undefined;
}

/**
 * Finds out what an apply would do. Writes nothing.
 * @throws CredentialError INVALID_CONFIGURATION if the file cannot be edited and put back without loss, or the schema forbids a value
 */
export async function planSettings(platform: Platform, request: PlanRequest): Promise<SettingsPlan> {
  const { stateFolder, desired, profile, description } = request;
  const wanted = await desiredEntries(desired);
  const location = await settingsLocation(platform, request);
  const current = await loadSettings(platform, location.path);
  await refuseUnwritableFolder(platform, current.realPath);
  refuseWrongTypes(current, wanted, location.path);

  const earlier = await findRecord(platform, stateFolder, current.realPath, location.path);
  const base = await baseOf(platform, stateFolder, current, earlier);
  const text = edited(current, wanted, earlier);
  const after = settingsBytes(text, current.bom);
  if (after.length > SIZE_LIMIT)
    throw invalidConfiguration(
      `${location.path} would grow beyond what Claude Code reads`,
      "Make it smaller in an editor first.",
    );

  const changes = changesOf(current.value, wanted, earlier);
  const ignore = await planIgnore(platform, location);
  const entries = wanted.filter((entry) => !has(base.value, entry)).map((entry) => recorded(base.value, entry));
  return {
    location,
    path: location.path,
    changed: digestOf(platform, after) !== digestOf(platform, current.bytes) || ignore !== undefined,
    changes,
    findings: await planFindings(platform, { request, location, current, wanted, earlier, ignore }),
    diff: unifiedDiff(location.path, current.bytes && current.text, text),
    ignore,
    prepared: {
      stateFolder,
      current: current.bytes,
      after,
      mode: current.facts?.mode,
      base: base.bytes,
      replaces: earlier,
      record: {
        version: 1,
        scope: location.scope,
        path: location.path,
        realPath: current.realPath,
        ...(profile === undefined ? {} : { profile }),
        ...(description === undefined ? {} : { description }),
        states: [current.bytes, after].map((bytes) => digestOf(platform, bytes)),
        folders: base.bytes === undefined ? await foldersMade(platform, current.realPath, earlier) : [],
        entries,
        containers: containersOf(base.value, entries),
        ...(earlier?.ignored === undefined ? {} : { ignored: earlier.ignored }),
      },
    },
  };
}

interface Base {
  readonly bytes: Uint8Array | undefined;
  readonly value: unknown;
}

/** What was there before Keyspring: the kept original, or, if others changed the file since, the file without what is ours. */
async function baseOf(
  platform: Platform,
  stateFolder: string,
  current: LoadedSettings,
  earlier: SettingsRecord | undefined,
): Promise<Base> {
  if (earlier === undefined) return { bytes: current.bytes, value: current.value };
  if (earlier.states.includes(digestOf(platform, current.bytes))) {
    if (earlier.original === undefined) return { bytes: undefined, value: {} };
    const bytes = await readOriginal(platform, stateFolder, earlier.original);
    return { bytes, value: parse(new TextDecoder().decode(bytes)) };
  }
  const { text } = undoEntries(current.text, earlier);
  const value = parse(text);
  const nothing = earlier.original === undefined && Object.keys(value).length === 0;
  return nothing || current.bytes === undefined
    ? { bytes: undefined, value: {} }
    : { bytes: settingsBytes(text, current.bom), value };
}

/** The current text with what is wanted in it, and without what an earlier apply put there that is wanted no more. */
function edited(current: LoadedSettings, wanted: readonly Entry[], earlier: SettingsRecord | undefined): string {
  const dropped = droppedEntries(current.value, wanted, earlier);
  let text = current.text;
  for (const entry of wanted) {
    const settings = parse(text);
    if (has(settings, entry)) continue;
    if (entry.kind === "value") text = setValue(text, entry.path, entry.value);
    else {
      // A changed hook takes the place of the one that it replaces.
      const old = dropped.findIndex((candidate) => candidate.kind === "item" && keyOf(candidate) === keyOf(entry));
      const index = old === -1 ? -1 : indexOfItem(valueAt(settings, entry.path), dropped[old]!.value);
      text = index === -1 ? appendItem(text, entry.path, entry.value) : replaceItem(text, entry.path, index, entry.value);
      if (index !== -1) dropped.splice(old, 1);
    }
  }
  const without = undoEntries(text, { entries: dropped, containers: [] }).text;
  return pruned(without, dropped.length === 0 ? [] : earlier!.containers);
}

/** Entries of the earlier apply that are still in the file and no longer wanted. */
function droppedEntries(current: unknown, wanted: readonly Entry[], earlier: SettingsRecord | undefined): RecordedEntry[] {
  const isWanted = (entry: RecordedEntry): boolean =>
    wanted.some(
      (other) =>
        keyOf(other) === keyOf(entry) &&
        (entry.kind === "value" || JSON.stringify(other.value) === JSON.stringify(entry.value)),
    );
  return (earlier?.entries ?? []).filter((entry) => has(current, entry) && !isWanted(entry));
}

function changesOf(current: unknown, wanted: readonly Entry[], earlier: SettingsRecord | undefined): SettingsChange[] {
  const dropped = droppedEntries(current, wanted, earlier);
  const changes = wanted.map((entry): SettingsChange => {
    const key = keyOf(entry);
    const old = dropped.findIndex(
      (candidate) => candidate.kind === "item" && entry.kind === "item" && keyOf(candidate) === key,
    );
    const before =
      entry.kind === "value" ? valueAt(current, entry.path) : old === -1 ? undefined : dropped.splice(old, 1)[0]!.value;
    const to = words(key, entry);
    if (has(current, entry)) return { key, kind: "unchanged", ...to };
    if (before === undefined) return { key, kind: "added", ...to };
    return { key, kind: "changed", from: shown(key, before)!, ...to };
  });
  const removals = dropped.map((entry): SettingsChange => {
    const from = shown(keyOf(entry), entry.value)!;
    const back = shown(keyOf(entry), entry.before?.value);
    return {
      key: keyOf(entry),
      kind: back === undefined ? "removed" : "changed",
      from,
      ...(back === undefined ? {} : { to: back }),
    };
  });
  return [...changes, ...removals];
}

function words(key: string, { value }: Entry): { to: string } {
  return { to: shown(key, value)! };
}

function recorded(base: unknown, { kind, path, value }: Entry): RecordedEntry {
  const before = kind === "value" ? valueAt(base, path) : undefined;
  return { kind, path, value, ...(before === undefined ? {} : { before: { value: before } }) };
}

/** Objects and arrays on the way to the entries that the base lacks, innermost first. */
function containersOf(base: unknown, entries: readonly RecordedEntry[]): string[][] {
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

/** What Claude Code would reject the file for, and what leaves no place for ours. */
function refuseWrongTypes({ value }: LoadedSettings, wanted: readonly Entry[], path: string): void {
  for (const helper of HELPERS)
    if (!["undefined", "string"].includes(typeof value[helper])) throw wrong(path, [helper], "a text");
  for (const { kind, path: names } of wanted) {
    for (let length = 1; length < names.length; length += 1) {
      const there = valueAt(value, names.slice(0, length));
      if (there !== undefined && !isObject(there)) throw wrong(path, names.slice(0, length), "an object");
    }
    const there = valueAt(value, names);
    if (kind === "item" && there !== undefined && !Array.isArray(there)) throw wrong(path, names, "a list");
    if (kind === "value" && typeof there === "object") throw wrong(path, names, "a text");
  }
}

function wrong(path: string, names: readonly string[], what: string): Error {
  return invalidConfiguration(
    `${names.join(".")} in ${path} is not ${what}, as Claude Code wants it`,
    `Correct or delete ${names.join(".")} in ${path}, then run the command again.`,
  );
}

/** Folders that Keyspring makes or made for the file, innermost first. */
async function foldersMade({ files, path }: Platform, file: string, earlier: SettingsRecord | undefined): Promise<string[]> {
  const made = new Set(earlier?.folders);
  let folder = path.dirname(file);
  for (; (await files.facts(folder)) === undefined && path.dirname(folder) !== folder; folder = path.dirname(folder))
    made.add(folder);
  return [...made].toSorted((a, b) => b.length - a.length);
}

const parse = (text: string): Record<string, unknown> =>
  text.replace(/^\uFEFF/, "").trim() === "" ? {} : (JSON.parse(text.replace(/^\uFEFF/, "")) as Record<string, unknown>);
