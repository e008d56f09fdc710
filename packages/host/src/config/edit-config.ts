import { invalidConfiguration } from "@keyspring/core";
import { parse, stringify } from "smol-toml";
import type { WrittenOrganization, WrittenProfile } from "./schema.ts";
import { tomlStatements, type TomlStatement } from "./toml-statements.ts";
import { at } from "./parse-config.ts";

/** What to add, replace or (with `undefined`) remove. */
export interface ConfigChange {
  readonly organization?: { readonly name: string; readonly value: WrittenOrganization | undefined };
  readonly profile?: { readonly name: string; readonly value: WrittenProfile | undefined };
  readonly defaultProfile?: { readonly value: string | undefined };
}

/** A table with plain values: `[path]` and one line per key. */
interface Table {
  readonly path: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * The text with the change made, every byte that is not concerned kept. Tables that already say what they should stay as they are; of
 * those that change, lines of comment are kept.
 * @throws CredentialError INVALID_CONFIGURATION where the change concerns something not written as a table of its own
 */
export function editConfig(text: string, change: ConfigChange, file: string): string {
  const lineBreak = text.includes("\r\n") ? "\r\n" : "\n";
  const isUnended = text !== "" && text !== "\uFEFF" && !text.endsWith("\n");
  const whole = isUnended ? text + lineBreak : text;
  let edited = whole;
  const { organization, profile, defaultProfile } = change;
  if (organization !== undefined)
    edited = putTables(
      edited,
      ["organizations", organization.name],
      organizationTables(organization.name, organization.value),
      file,
      lineBreak,
    );
  if (profile !== undefined)
    edited = putTables(edited, ["profiles", profile.name], profileTables(profile.name, profile.value), file, lineBreak);
  if (defaultProfile !== undefined) edited = putDefaultProfile(edited, defaultProfile.value, lineBreak);
  return edited === whole ? text : edited;
}

function organizationTables(name: string, value: WrittenOrganization | undefined): Table[] {
  if (value === undefined) return [];
  const { options, claude, ...plain } = value;
  const path = ["organizations", name];
  return [{ path, values: plain }, ...optional([...path, "options"], options), ...optional([...path, "claude"], claude)];
}

function profileTables(name: string, value: WrittenProfile | undefined): Table[] {
  if (value === undefined) return [];
  const { options, ...plain } = value;
  return [{ path: ["profiles", name], values: plain }, ...optional(["profiles", name, "options"], options)];
}

function optional(path: readonly string[], values: Readonly<Record<string, unknown>> | undefined): Table[] {
  return values === undefined || Object.keys(values).length === 0 ? [] : [{ path, values }];
}

/** Puts exactly these tables where anything below `prefix` is. */
function putTables(text: string, prefix: readonly string[], tables: readonly Table[], file: string, lineBreak: string): string {
  const statements = tomlStatements(text);
  const below = statements.filter(({ path }) => startsWith(path, prefix));
  const foreign = below.find((one) => one.kind === "array" || (one.kind === "key" && !startsWith(one.table, prefix)));
  if (foreign !== undefined)
    throw invalidConfiguration(
      `${at(file, foreign.line)}: ${prefix.join(".")} is not written as a table of its own and cannot be changed safely`,
      `Write it as [${prefix.join(".")}], or change it by hand.`,
    );
  const missing = tables.filter(({ path }) => !below.some((one) => one.kind === "table" && isSame(one.path, path)));
  let edited = text;
  // From the end on, so that the offsets before stay right.
  for (const header of below.filter(({ kind }) => kind === "table").toReversed()) {
    const wanted = tables.find(({ path }) => isSame(path, header.path));
    const body = bodyOf(edited, statements, header);
    if (wanted === undefined) edited = edited.slice(0, header.start) + edited.slice(body.end);
    else if (!saysTheSame(edited.slice(body.start, body.end), wanted.values))
      edited =
        edited.slice(0, body.start) +
        withComments(edited.slice(body.start, body.end), wanted, lineBreak) +
        edited.slice(body.end);
  }
  return missing.length === 0 ? edited : insert(edited, prefix, missing, lineBreak);
}

/** From after the header to after the last of the table's own statements, so that comments above the next table are not its. */
function bodyOf(text: string, statements: readonly TomlStatement[], header: TomlStatement): { start: number; end: number } {
  const next = statements.find(({ kind, start }) => kind !== "key" && start > header.start)?.start ?? text.length;
  const last = statements.findLast(({ kind, start }) => kind === "key" && start > header.start && start < next);
  return { start: header.end, end: last?.end ?? header.end };
}

function saysTheSame(body: string, values: Readonly<Record<string, unknown>>): boolean {
  return sameValue(parse(body), values);
}

function withComments(body: string, table: Table, lineBreak: string): string {
  const spans = tomlStatements(body);
  const comments = body.split(/(?<=\n)/).filter((line, index, all) => {
    const start = all.slice(0, index).join("").length;
    return /^\s*#/.test(line) && !spans.some((span) => start > span.start && start < span.end);
  });
  return comments.join("") + lines(table.values, lineBreak);
}

/** New tables go behind the last one of the same organization or profile, else to the end of the file. */
function insert(text: string, prefix: readonly string[], tables: readonly Table[], lineBreak: string): string {
  const statements = tomlStatements(text);
  const family = statements.findLast(({ kind, path }) => kind === "table" && startsWith(path, prefix));
  const position = family === undefined ? text.length : bodyOf(text, statements, family).end;
  const before = text.slice(0, position);
  const gap = before === "" || before === "\uFEFF" || family !== undefined ? "" : lineBreak;
  const written = tables.map(({ path, values }) => `[${path.map(keyText).join(".")}]${lineBreak}${lines(values, lineBreak)}`);
  return before + gap + written.join("") + text.slice(position);
}

function putDefaultProfile(text: string, name: string | undefined, lineBreak: string): string {
  const statements = tomlStatements(text);
  const written = statements.find(({ kind, path }) => kind === "key" && isSame(path, ["default_profile"]));
  const line = name === undefined ? "" : lines({ default_profile: name }, lineBreak);
  if (written !== undefined) {
    const old = text.slice(written.start, written.end);
    return saysTheSame(old, name === undefined ? {} : { default_profile: name })
      ? text
      : text.slice(0, written.start) + line + text.slice(written.end);
  }
  if (name === undefined) return text;
  const lastRootKey = statements.findLast(({ kind, table }) => kind === "key" && table.length === 0);
  if (lastRootKey !== undefined) return text.slice(0, lastRootKey.end) + line + text.slice(lastRootKey.end);
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  const rest = text.slice(mark.length);
  return mark + line + (rest === "" ? "" : lineBreak) + rest;
}

function lines(values: Readonly<Record<string, unknown>>, lineBreak: string): string {
  const said = Object.entries(values).filter(([, value]) => value !== undefined);
  return said.map(([key, value]) => `${keyText(key)} = ${valueText(value)}${lineBreak}`).join("");
}

function keyText(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key);
}

/** A value on one line; tables inline. */
function valueText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  if (value !== null && typeof value === "object" && !(value instanceof Date)) {
    const entries = Object.entries(value).map(([key, inner]) => `${keyText(key)} = ${valueText(inner)}`);
    return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
  }
  return stringify({ v: value }).trim().slice("v = ".length);
}

function startsWith(path: readonly string[], prefix: readonly string[]): boolean {
  return path.length >= prefix.length && prefix.every((part, index) => path[index] === part);
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && startsWith(a, b);
}

/** Equal as TOML values; the order of keys does not count, `undefined` is absent. */
export function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, ordered(inner)]));
}
