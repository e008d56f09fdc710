import {
  checkOptions,
  type CredentialSource,
  inheritedChain,
  invalidConfiguration,
  type Log,
  type Notes,
  type OptionPlace,
  type Platform,
  type Target,
} from "@keyspring/core";
import type { ProfileSelection } from "@keyspring/host";
import { loadSource } from "./registry.ts";

export interface Targets {
  /** The source of a profile, made with its checked options. */
  of(selection: ProfileSelection): Promise<Target>;
}

export interface TargetParts {
  readonly platform: Platform;
  readonly log: Log;
  notes(scope: string): Notes;
}

export function createTargets(parts: TargetParts): Targets {
  const { platform, log } = parts;
  return {
    async of(selection) {
      const { name, source: sourceId, organization } = selection;
      const chain = [...inheritedChain(platform.env), name];
      refuseCycle(chain);
      const plugin = await loadSource(sourceId, name);
      const where = (key: string | undefined): OptionPlace => placeOf(selection, key);
      const options = await checkOptions(plugin.options, selection.options, where, keysOf(plugin.options));
      const key = platform.digest(
        "sha256",
        JSON.stringify([sourceId, canonical(selection.options), name, endpoints(platform)]),
      );
      // Profiles with one sign-in have one set of notes, so that any of them goes on with a sign-in under way.
      const notes = notesOf(() => parts.notes(`${sourceId}-${source?.signInScope ?? organization ?? name}`));
      let source: CredentialSource | undefined;
      source = plugin.create(options, { profile: name, platform, log, notes, chain });
      return { profile: name, sourceId, key, source };
    },
  };
}

/** The line of an option, or the tables in which it could stand. */
function placeOf({ name, organization, origins }: ProfileSelection, key: string | undefined): OptionPlace {
  const origin = key === undefined ? undefined : origins[`options.${key}`];
  if (origin !== undefined) {
    const { file, line } = origin;
    const place = line === undefined ? file : `${file}:${line}`;
    return { place, remedy: `Correct ${line === undefined ? file : `line ${line} of ${file}`}.` };
  }
  const { file, line, layer } = origins["source"]!;
  const tables = organization === undefined ? [`profiles.${name}`] : [`organizations.${organization}`, `profiles.${name}`];
  const where = layer === "aws-profile" ? `the profile ${name}` : tables.map((table) => `[${table}.options]`).join(" or ");
  const what = key === undefined ? "the options" : key;
  return { place: line === undefined ? file : `${file}:${line}`, remedy: `Write ${what} under ${where} in ${file}.` };
}

/** Notes that are found when they are first used: what they are called, the source itself tells. */
function notesOf(find: () => Notes): Notes {
  return {
    read: (name) => find().read(name),
    write: (name, value) => find().write(name, value),
    remove: (name) => find().remove(name),
  };
}

/** A source's child that asks for the profile which it is serving would wait for itself for ever. */
function refuseCycle(chain: readonly string[]): void {
  const name = chain.at(-1)!;
  if (chain.indexOf(name) === chain.length - 1) return;
  throw invalidConfiguration(
    `profiles ask for each other in a circle: ${chain.join(" → ")}`,
    `Let the command of ${chain.at(-2) ?? name} get its credentials elsewhere.`,
  );
}

/** Where AWS is taken to be: what a simulated AWS gave may not be served once the real one is meant. */
function endpoints({ env }: Platform): readonly (string | undefined)[] {
  return ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SSO"].map((name) => env[name]);
}

/** Names of an object schema's keys, where the schema library tells them. */
function keysOf(schema: unknown): string[] {
  const entries = (schema as { entries?: Record<string, unknown> }).entries;
  return entries === undefined ? [] : Object.keys(entries);
}

/** The same value with every object's keys in order, so that the order in a file does not change the digest. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, canonical(inner)]),
  );
}
