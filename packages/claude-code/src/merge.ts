import { appendItem, replaceItem, setValue } from "./edit.ts";
import { has, indexOfItem, keyOf, valueAt, type Entry } from "./entries.ts";
import { valueOf } from "./json-text.ts";
import type { LoadedSettings } from "./load.ts";
import type { RecordedEntry, SettingsRecord } from "./records.ts";
import { shown } from "./show.ts";
import type { SettingsChange } from "./types.ts";
import { pruned, undoEntries } from "./undo.ts";

/** The current text with what is wanted in it, and without what an earlier apply put there that is wanted no more. */
export function merged(current: LoadedSettings, wanted: readonly Entry[], earlier: SettingsRecord | undefined): string {
  const dropped = droppedEntries(current.value, wanted, earlier);
  let text = current.text;
  for (const entry of wanted) {
    const settings = valueOf(text);
    if (has(settings, entry)) continue;
    if (entry.kind === "value") text = setValue(text, entry.path, entry.value);
    else {
      const old = takeItem(dropped, keyOf(entry));
      const index = old === undefined ? -1 : indexOfItem(valueAt(settings, entry.path), old.value);
      text = index === -1 ? appendItem(text, entry.path, entry.value) : replaceItem(text, entry.path, index, entry.value);
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

/** The same, key by key, for people. */
export function changesOf(current: unknown, wanted: readonly Entry[], earlier: SettingsRecord | undefined): SettingsChange[] {
  const dropped = droppedEntries(current, wanted, earlier);
  const changes = wanted.map((entry): SettingsChange => {
    const key = keyOf(entry);
    const to = shown(key, entry.value)!;
    if (has(current, entry)) return { key, kind: "unchanged", to };
    const before = entry.kind === "value" ? valueAt(current, entry.path) : takeItem(dropped, key)?.value;
    return before === undefined ? { key, kind: "added", to } : { key, kind: "changed", from: shown(key, before)!, to };
  });
  return [...changes, ...dropped.map(undoing)];
}

/** What undoing an entry means for its key. */
export function undoing(entry: RecordedEntry): SettingsChange {
  const key = keyOf(entry);
  const from = shown(key, entry.value)!;
  const to = shown(key, entry.before?.value);
  return to === undefined ? { key, kind: "removed", from } : { key, kind: "changed", from, to };
}

/** The dropped list item that a new one of the same list takes the place of; it is dropped no more. */
function takeItem(dropped: RecordedEntry[], key: string): RecordedEntry | undefined {
  const index = dropped.findIndex((entry) => entry.kind === "item" && keyOf(entry) === key);
  return index === -1 ? undefined : dropped.splice(index, 1)[0];
}
