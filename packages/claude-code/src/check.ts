import type { Platform } from "@keyspring/core";
import { HELPERS, indexOfItem, valueAt } from "./entries.ts";
import { judgeLine } from "./judge-line.ts";
import { readAllSettings, type EffectiveSetting, type SettingsFile, type SettingsView } from "./read.ts";
import { settingsRecords, type SettingsRecord } from "./records.ts";
import { shown } from "./show.ts";
import type { Finding, SettingsScope } from "./types.ts";
import { environmentFindings, rejectedFindings } from "./warnings.ts";

/** One key, as it counts for a Claude Code that starts in this folder. */
export interface CheckedSetting {
  /** `awsCredentialExport`, `awsAuthRefresh`, `env.NAME`, `hooks.EVENT`. */
  readonly key: string;
  /** Printable, secrets masked. */
  readonly value: string;
  readonly scope: SettingsScope;
  readonly path: string;
  /** Weaker files that say something else, strongest first. */
  readonly shadows: readonly string[];
  /** The apply that put it there; `undefined` if Keyspring did not. */
  readonly applied: AppliedBy | undefined;
  readonly findings: readonly Finding[];
}

export interface AppliedBy {
  readonly profile?: string;
  readonly description?: string;
  /** ISO 8601. */
  readonly applied: string;
}

export interface CheckedSettings {
  readonly settings: readonly CheckedSetting[];
  /** About files and variables rather than one key. */
  readonly findings: readonly Finding[];
  readonly files: readonly SettingsFile[];
}

/** Variables that decide how Claude Code gets to its model through AWS. */
const RELEVANT =
  /^(?:AWS_|CLAUDE_CODE_(?:USE|SKIP)_(?:BEDROCK|MANTLE|ANTHROPIC_AWS)|ANTHROPIC_(?:BEDROCK|AWS|MODEL|DEFAULT|SMALL))/;

/** What is set for AWS, where, by whom, and whether it can work. Runs nothing. */
export async function checkSettings(
  platform: Platform,
  options: { readonly cwd?: string; readonly stateFolder: string },
): Promise<CheckedSettings> {
  const view = await readAllSettings(platform, options);
  const records = await settingsRecords(platform, options.stateFolder);
  const keys = new Set(records.flatMap(({ entries }) => entries.map(({ path }) => path.join("."))));
  const relevant = view.settings.filter(({ key }) => keys.has(key) || !key.startsWith("env.") || RELEVANT.test(key.slice(4)));
  const settings = await Promise.all(
    relevant.map((setting) => checked(platform, setting, records, options.cwd ?? platform.cwd)),
  );
  const environment = environmentFindings(platform, view, []);
  return {
    settings: [...settings, ...hooksOf(view.files, records)],
    findings: isDeliveredByProfile(view, records)
      ? [...rejectedFindings(view.files), ...environment.filter(({ code }) => code !== "aws-profile")]
      : [...missingExport(view.settings), ...rejectedFindings(view.files), ...environment],
    files: view.files,
  };
}

async function checked(
  platform: Platform,
  setting: EffectiveSetting,
  records: readonly SettingsRecord[],
  cwd: string,
): Promise<CheckedSetting> {
  const { key, value, scope, path, shadows } = setting;
  const record = recordOf(records, path, key, value);
  const findings = await commandFindings(platform, setting, cwd);
  return {
    key,
    value: shown(key, value)!,
    scope,
    path,
    shadows: shadows.map((shadow) => shadow.path),
    applied: appliedBy(record),
    // That Keyspring's own line has several parts is no news.
    findings: [
      ...findings.filter(({ code }) => record === undefined || code !== "compound"),
      ...shadowedOurs(records, setting),
    ],
  };
}

async function commandFindings(platform: Platform, { key, value }: EffectiveSetting, cwd: string): Promise<readonly Finding[]> {
  const helper = HELPERS.find((name) => name === key);
  if (helper === undefined || typeof value !== "string" || value === "") return [];
  const options = { setting: helper, cwd, absolute: helper === "awsCredentialExport" };
  return (await judgeLine(platform, value, options)).findings;
}

/** Keyspring applied this key to a weaker file, where it has no effect. */
function shadowedOurs(records: readonly SettingsRecord[], { key, path, scope, value, shadows }: EffectiveSetting): Finding[] {
  return shadows
    .filter((shadow) => shadow.value !== value && recordOf(records, shadow.path, key, shadow.value) !== undefined)
    .map((shadow) => ({
      severity: "warning",
      code: "shadowed",
      what: `Keyspring's ${key} in ${shadow.path} has no effect`,
      why: `${path} (${scope}) ranks higher and says something else.`,
      remedy: `Remove ${key} from ${path}, or run: keyspring settings apply --scope ${scope}`,
    }));
}

function hooksOf(files: readonly SettingsFile[], records: readonly SettingsRecord[]): CheckedSetting[] {
  return records.flatMap((record) => {
    const file = files.find(({ path }) => path === record.path);
    return record.entries
      .filter(({ kind }) => kind === "item" && file?.state === "read")
      .map(({ path, value }) => ({
        key: path.join("."),
        value: shown(path.join("."), value)!,
        scope: record.scope,
        path: record.path,
        shadows: [],
        applied: appliedBy(record),
        findings: indexOfItem(valueAt(file!.value, path), value) === -1 ? [hookGone(record, path)] : [],
      }));
  });
}

/** AWS_PROFILE is what Keyspring itself wrote in the place of an export command. */
function isDeliveredByProfile(view: SettingsView, records: readonly SettingsRecord[]): boolean {
  const profile = view.of("env.AWS_PROFILE");
  const record = profile && recordOf(records, profile.path, profile.key, profile.value);
  return record !== undefined && !record.entries.some(({ path }) => path[0] === "awsCredentialExport");
}

function missingExport(settings: readonly EffectiveSetting[]): Finding[] {
  const isSet = (name: string): boolean => !["", undefined].includes(settings.find(({ key }) => key === name)?.value as string);
  if (isSet("awsCredentialExport")) return [];
  const why = "Claude Code takes whatever AWS identity this computer has, and so does every command that it runs.";
  const remedy = "Run: keyspring settings apply";
  const what = "awsCredentialExport is set nowhere";
  return [{ severity: isSet("awsAuthRefresh") ? "info" : "error", code: "no-export", what, why, remedy }];
}

/** Without the values that a record keeps: some may be secret. */
function hookGone({ path: file, scope }: SettingsRecord, path: readonly string[]): Finding {
  return {
    severity: "warning",
    code: "hook-gone",
    what: `Keyspring's hook for ${path.at(-1)} is no longer in ${file}`,
    why: "Nobody who has to sign in is told so in the session.",
    remedy: `Run: keyspring settings apply --scope ${scope}`,
  };
}

function appliedBy(record: SettingsRecord | undefined): AppliedBy | undefined {
  if (record === undefined) return undefined;
  const { profile, description, applied } = record;
  return { applied, ...(profile === undefined ? {} : { profile }), ...(description === undefined ? {} : { description }) };
}

function recordOf(records: readonly SettingsRecord[], path: string, key: string, value: unknown): SettingsRecord | undefined {
  return records.find(
    (record) => record.path === path && record.entries.some((entry) => entry.path.join(".") === key && entry.value === value),
  );
}
