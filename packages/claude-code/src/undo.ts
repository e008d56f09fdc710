import { isDeepStrictEqual } from "node:util";
import { removeAt, setValue } from "./edit.ts";
import { indexOfItem, isObject, keyOf, valueAt } from "./entries.ts";
import { valueOf } from "./json-text.ts";
import type { RecordedEntry, SettingsRecord } from "./records.ts";

export interface Undone {
  readonly text: string;
  /** Entries that were still ours. */
  readonly undone: readonly RecordedEntry[];
  /** Keys that somebody changed since: theirs now. */
  readonly left: readonly string[];
}

/** Takes out of a text what a record says was put in, as far as it is still as it was put. */
export function undoEntries(text: string, record: Pick<SettingsRecord, "entries" | "containers">): Undone {
  const undone: RecordedEntry[] = [];
  const left: string[] = [];
  let edited = text;
  for (const entry of record.entries.toReversed()) {
    const next = undoEntry(edited, entry);
    if (next === undefined) left.push(keyOf(entry));
    else {
      edited = next;
      undone.unshift(entry);
    }
  }
  return { text: pruned(edited, record.containers), undone, left: left.toReversed() };
}

/** Takes out the containers that hold nothing. */
export function pruned(text: string, containers: readonly (readonly string[])[]): string {
  let edited = text;
  for (const path of containers) if (isEmpty(valueAt(valueOf(edited), path))) edited = removeAt(edited, path);
  return edited;
}

function undoEntry(text: string, entry: RecordedEntry): string | undefined {
  const there = valueAt(valueOf(text), entry.path);
  if (entry.kind === "item") {
    const index = indexOfItem(there, entry.value);
    return index === -1 ? undefined : removeAt(text, [...entry.path, index]);
  }
  if (!isDeepStrictEqual(there, entry.value)) return undefined;
  return entry.before === undefined ? removeAt(text, entry.path) : setValue(text, entry.path, entry.before.value);
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}
