import { isDeepStrictEqual } from "node:util";
import { invalidConfiguration } from "@keyspring/core";
import type { DesiredHook, DesiredSettings } from "./types.ts";
import { validateSettings } from "./validate.ts";

/** The two settings that are command lines. */
export const HELPERS = ["awsCredentialExport", "awsAuthRefresh"] as const;

/** One thing that Keyspring puts into a settings file: a value under a name, or an item in somebody's list. */
export type Entry =
  | { readonly kind: "value"; readonly path: readonly string[]; readonly value: unknown }
  | { readonly kind: "item"; readonly path: readonly string[]; readonly value: unknown };

/**
 * What is wanted, entry by entry, in the order in which a new file shows it.
 * @throws CredentialError INVALID_CONFIGURATION if Claude Code's settings schema forbids any of it, or a variable is empty
 */
export async function desiredEntries(desired: DesiredSettings): Promise<Entry[]> {
  const { awsCredentialExport, awsAuthRefresh, env = {}, hooks = [] } = desired;
  const entries = [
    ...valueEntry(["awsCredentialExport"], awsCredentialExport),
    ...valueEntry(["awsAuthRefresh"], awsAuthRefresh),
    ...Object.entries(env).flatMap(([name, text]) => valueEntry(["env", name], text)),
    ...hooks.map((hook): Entry => ({ kind: "item", path: ["hooks", hook.event], value: matcherOf(hook) })),
  ];
  await validateSettings(document(entries));
  const empty = Object.entries(env).find(([, text]) => text === "");
  if (empty !== undefined)
    throw invalidConfiguration(
      `env.${empty[0]} would be empty, which Claude Code passes on as an empty variable and AWS tools stumble over`,
      `Give ${empty[0]} a value in config.toml, or leave it out.`,
    );
  return entries;
}

/** Name for people and records: `env.AWS_REGION`, `hooks.SessionStart`. */
export function keyOf({ path }: { readonly path: readonly string[] }): string {
  return path.join(".");
}

/** What stands in a settings document at a path of names; `undefined` if nothing does. */
export function valueAt(settings: unknown, path: readonly string[]): unknown {
  let at = settings;
  for (const name of path) {
    if (!isObject(at) || !Object.hasOwn(at, name)) return undefined;
    at = at[name];
  }
  return at;
}

export function has(settings: unknown, entry: Entry): boolean {
  const there = valueAt(settings, entry.path);
  return entry.kind === "value" ? isDeepStrictEqual(there, entry.value) : indexOfItem(there, entry.value) !== -1;
}

/** The last equal item: the one that was added at the end. */
export function indexOfItem(list: unknown, item: unknown): number {
  return Array.isArray(list) ? list.findLastIndex((there) => isDeepStrictEqual(there, item)) : -1;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function valueEntry(path: readonly string[], value: unknown): Entry[] {
  return value === undefined ? [] : [{ kind: "value", path, value }];
}

function matcherOf({ matcher, command, timeout }: DesiredHook): unknown {
  const hook = { type: "command", command, ...(timeout === undefined ? {} : { timeout }) };
  return { ...(matcher === undefined ? {} : { matcher }), hooks: [hook] };
}

/** The entries as a settings file of their own. */
function document(entries: readonly Entry[]): Record<string, unknown> {
  const whole: Record<string, unknown> = {};
  for (const { kind, path, value } of entries) {
    let at = whole;
    for (const name of path.slice(0, -1)) at = (at[name] ??= {}) as Record<string, unknown>;
    const last = path.at(-1)!;
    at[last] = kind === "value" ? value : [...((at[last] as unknown[] | undefined) ?? []), value];
  }
  return whole;
}
