import type { Platform } from "@keyspring/core";
import { HELPERS, isObject, valueAt } from "./entries.ts";
import { findRepository } from "./git.ts";
import { SIZE_LIMIT } from "./load.ts";
import { localFolder, managedFolder, userFolder } from "./location.ts";
import { systemCode } from "./system-failure.ts";
import type { SettingsScope } from "./types.ts";

/** One file that Claude Code looks for, and what it makes of it. */
export interface SettingsFile {
  readonly scope: SettingsScope;
  readonly path: string;
  /** `rejected`: Claude Code takes nothing from it; `problem` says why. */
  readonly state: "absent" | "read" | "rejected";
  readonly problem?: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** A value that counts, where it stands, and the weaker files that say something else. */
export interface EffectiveSetting {
  /** `awsCredentialExport`, `awsAuthRefresh` or `env.NAME`. */
  readonly key: string;
  readonly value: unknown;
  readonly scope: SettingsScope;
  readonly path: string;
  readonly shadows: readonly { readonly scope: SettingsScope; readonly path: string; readonly value: unknown }[];
}

export interface SettingsView {
  /** Weakest first: user, project, local, managed (drop-ins in their order). */
  readonly files: readonly SettingsFile[];
  readonly settings: readonly EffectiveSetting[];
  /** The value that counts for `key`. */
  of(key: string): EffectiveSetting | undefined;
}

/**
 * Every settings file of Claude Code for a start in `cwd`, and for each credential setting and variable the one that counts. Not read:
 * server-managed settings, macOS preference domain, Windows registry, `--settings`.
 */
export async function readAllSettings(platform: Platform, options: { readonly cwd?: string } = {}): Promise<SettingsView> {
  const places = await candidates(platform, options.cwd ?? platform.cwd);
  const files = await Promise.all(places.map(([scope, path]) => readFile(platform, scope, path)));
  const settings = keysIn(files).map((key) => effective(files, key));
  return { files, settings, of: (key) => settings.find((setting) => setting.key === key) };
}

async function candidates(platform: Platform, cwd: string): Promise<[SettingsScope, string][]> {
  const { path, files } = platform;
  const local = await localFolder(platform, cwd, await findRepository(platform, cwd));
  const managed = managedFolder(platform);
  const dropIns = path.join(managed, "managed-settings.d");
  const names = (await files.list(dropIns).catch(() => [])).filter((name) => name.endsWith(".json") && !name.startsWith("."));
  const all: [SettingsScope, string][] = [
    ["user", path.join(userFolder(platform), "settings.json")],
    ["project", path.join(cwd, ".claude", "settings.json")],
    // Claude Code reads both; that of the repository's top is the stronger one.
    ["local", path.join(cwd, ".claude", "settings.local.json")],
    ["local", path.join(local, ".claude", "settings.local.json")],
    ["managed", path.join(managed, "managed-settings.json")],
    // By code units, as Claude Code sorts: 10-a, 9-b, B, a.
    ...names.toSorted((a, b) => (a < b ? -1 : 1)).map((name): [SettingsScope, string] => ["managed", path.join(dropIns, name)]),
  ];
  return all.filter(([, file], index) => all.findIndex(([, other]) => other === file) === index);
}

async function readFile({ files }: Platform, scope: SettingsScope, path: string): Promise<SettingsFile> {
  const rejected = (problem: string): SettingsFile => ({ scope, path, state: "rejected", problem, value: {} });
  try {
    const bytes = await files.read(path);
    if (bytes === undefined) return { scope, path, state: "absent", value: {} };
    if (bytes.length > SIZE_LIMIT) return rejected("it is too large for Claude Code");
    const text = decode(bytes);
    if (text.trim() === "" && scope !== "managed") return { scope, path, state: "read", value: {} };
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return rejected("it holds no object");
    const wrong = HELPERS.find((key) => !["undefined", "string"].includes(typeof value[key]));
    return wrong === undefined ? { scope, path, state: "read", value } : rejected(`${wrong} is not a text`);
  } catch (error) {
    const code = systemCode(error);
    return rejected(
      code === undefined ? "it is no valid JSON (comments and trailing commas count as errors)" : `it cannot be read (${code})`,
    );
  }
}

/** Claude Code reads UTF-16 with a byte-order mark too. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8").decode(bytes);
}

function keysIn(files: readonly SettingsFile[]): string[] {
  const variables = files.flatMap(({ value }) => (isObject(value["env"]) ? Object.keys(value["env"]) : []));
  const helpers = HELPERS.filter((key) => files.some(({ value }) => value[key] !== undefined));
  return [...helpers, ...[...new Set(variables)].map((name) => `env.${name}`)];
}

function effective(files: readonly SettingsFile[], key: string): EffectiveSetting {
  const path = key.startsWith("env.") ? ["env", key.slice(4)] : [key];
  const found = files
    .map((file) => ({ scope: file.scope, path: file.path, value: valueAt(file.value, path) }))
    .filter(({ value }) => value !== undefined)
    .toReversed();
  const [first, ...shadows] = found;
  return { key, ...first!, shadows };
}
