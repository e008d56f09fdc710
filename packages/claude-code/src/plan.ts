import { invalidConfiguration, type Platform } from "@keyspring/core";
import { baseOf, containersOf, foldersMade, recorded } from "./base.ts";
import { desiredEntries, has } from "./entries.ts";
import { planIgnore, type IgnorePlan } from "./ignore.ts";
import { settingsBytes } from "./json-text.ts";
import { loadSettings, refuseUnwritableFolder, SIZE_LIMIT } from "./load.ts";
import { settingsLocation } from "./location.ts";
import { changesOf, merged } from "./merge.ts";
import { digestOf, findRecord, type SettingsRecord, type WrappedProfile } from "./records.ts";
import { unifiedDiff } from "./show.ts";
import type { DesiredSettings, Finding, SettingsChange, SettingsLocation, SettingsTarget } from "./types.ts";
import { planFindings } from "./warnings.ts";
import { refuseWrongTypes } from "./wrong-types.ts";

export interface PlanRequest extends SettingsTarget {
  /** Keyspring's state folder; records and originals lie in its `backups/`. */
  readonly stateFolder: string;
  readonly desired: DesiredSettings;
  readonly profile?: string;
  /** For people; kept in the record, since Claude Code has no such key. */
  readonly description?: string;
  /** Kept in the record beside those of earlier applies, for whoever undoes it. */
  readonly wrapped?: WrappedProfile;
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
  const { stateFolder, desired, profile, description, wrapped: newly } = request;
  const wanted = await desiredEntries(desired);
  const location = await settingsLocation(platform, request);
  const current = await loadSettings(platform, location.path);
  await refuseUnwritableFolder(platform, current.realPath);
  refuseWrongTypes(current.value, wanted, location.path);

  const earlier = await findRecord(platform, stateFolder, current.realPath, location.path);
  const base = await baseOf(platform, stateFolder, current, earlier);
  const text = merged(current, wanted, earlier);
  const after = settingsBytes(text, current.bom);
  if (after.length > SIZE_LIMIT)
    throw invalidConfiguration(
      `${location.path} would grow beyond what Claude Code reads`,
      "Make it smaller in an editor first.",
    );

  const wrapped = [
    ...(earlier?.wrapped ?? []).filter(({ name }) => name !== newly?.name),
    ...(newly === undefined ? [] : [newly]),
  ];
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
        ...(wrapped.length === 0 ? {} : { wrapped }),
      },
    },
  };
}
