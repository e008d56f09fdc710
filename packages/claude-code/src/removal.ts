import type { Platform } from "@keyspring/core";
import { exclusively, refuseIfChanged, writeVerified } from "./apply.ts";
import { undoIgnore } from "./ignore.ts";
import { settingsBytes, valueOf } from "./json-text.ts";
import { loadSettings, type LoadedSettings } from "./load.ts";
import { settingsLocation } from "./location.ts";
import { undoing } from "./merge.ts";
import { digestOf, findRecord, readOriginal, removeRecord, sweepOriginals, type SettingsRecord } from "./records.ts";
import { unifiedDiff } from "./show.ts";
import { inWords } from "./system-failure.ts";
import type { SettingsChange, SettingsLocation, SettingsTarget } from "./types.ts";
import { undoEntries } from "./undo.ts";

/** What undoing would do to one file. */
export interface RemovalPlan {
  readonly location: SettingsLocation;
  readonly path: string;
  /**
   * `restore`: untouched since, so the original comes back byte for byte. `edit`: others changed the file, so only what is still ours
   * is taken out. `gone`: the file was deleted. `nothing`: Keyspring has no record of it.
   */
  readonly outcome: "restore" | "edit" | "gone" | "nothing";
  readonly changes: readonly SettingsChange[];
  /** Keys that others changed since; they stay as they are. */
  readonly left: readonly string[];
  /** Unified diff for `--dry-run`, secrets masked. */
  readonly diff: string;
  readonly record: SettingsRecord | undefined;
  /** For `applyRemoval` alone. */
  readonly prepared: {
    readonly stateFolder: string;
    readonly realPath: string;
    readonly current: Uint8Array | undefined;
    readonly after: Uint8Array | undefined;
  };
}

/**
 * Finds out what undoing the last apply would do. Changes nothing.
 * @throws CredentialError INVALID_CONFIGURATION if the file cannot be read or edited
 */
export async function planRemoval(
  platform: Platform,
  request: SettingsTarget & { readonly stateFolder: string },
): Promise<RemovalPlan> {
  const { stateFolder } = request;
  const location = await settingsLocation(platform, request);
  const current = await loadSettings(platform, location.path);
  const { realPath } = current;
  const record = await findRecord(platform, stateFolder, realPath, location.path);
  const known = { location, path: location.path, record };
  const nothing = {
    changes: [],
    left: [],
    diff: "",
    prepared: { stateFolder, realPath, current: current.bytes, after: current.bytes },
  };
  if (record === undefined) return { ...known, ...nothing, outcome: "nothing" };
  if (current.bytes === undefined) return { ...known, ...nothing, outcome: "gone" };

  const untouched = record.states.includes(digestOf(platform, current.bytes));
  const undone = undoEntries(current.text, record);
  const after = untouched ? await originalOf(platform, stateFolder, record) : remainder(undone.text, current, record);
  return {
    ...known,
    outcome: untouched ? "restore" : "edit",
    changes: undone.undone.map(undoing),
    left: untouched ? [] : undone.left,
    diff: unifiedDiff(location.path, current.text, after && new TextDecoder().decode(after)),
    prepared: { stateFolder, realPath, current: current.bytes, after },
  };
}

/**
 * Carries out a removal. The record goes last, so that an interrupted removal can be run again.
 * @throws CredentialError INVALID_CONFIGURATION if the file changed since the plan was made, or cannot be written
 */
export async function applyRemoval(platform: Platform, plan: RemovalPlan): Promise<void> {
  const { record, prepared } = plan;
  const { stateFolder, current, after } = prepared;
  // An apply that was interrupted before its record may have left a copy.
  if (record === undefined) return sweepOriginals(platform, stateFolder, prepared.realPath, undefined);
  await exclusively(platform, stateFolder, async () => {
    await refuseIfChanged(platform, plan.path, current);
    if (after === undefined) await removeFile(platform, record);
    else if (digestOf(platform, after) !== digestOf(platform, current))
      await writeVerified(platform, plan.path, after, await modeOf(platform, plan.path));
    if (record.ignored !== undefined) await undoIgnore(platform, record.ignored);
    await removeRecord(platform, stateFolder, record);
  });
}

async function originalOf(
  platform: Platform,
  stateFolder: string,
  { original }: SettingsRecord,
): Promise<Uint8Array | undefined> {
  return original === undefined ? undefined : readOriginal(platform, stateFolder, original);
}

/** What is left of a file that others changed; nothing, if it was ours and they left it empty. */
function remainder(text: string, { bom }: LoadedSettings, record: SettingsRecord): Uint8Array | undefined {
  const empty = Object.keys(valueOf(text)).length === 0;
  return empty && record.original === undefined ? undefined : settingsBytes(text, bom);
}

async function removeFile(platform: Platform, { path, folders }: SettingsRecord): Promise<void> {
  await inWords("removed", path, async () => {
    await platform.files.remove(path);
    for (const folder of folders) await platform.files.removeFolder(folder);
  });
}

async function modeOf({ files }: Platform, path: string): Promise<number> {
  return (await files.facts(path))?.mode ?? 0o600;
}
