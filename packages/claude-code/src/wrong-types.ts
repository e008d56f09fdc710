import { invalidConfiguration } from "@keyspring/core";
import { HELPERS, isObject, valueAt, type Entry } from "./entries.ts";

/**
 * Refuses what Claude Code rejects the whole file for, and what leaves no place for ours.
 * @throws CredentialError INVALID_CONFIGURATION naming the key
 */
export function refuseWrongTypes(value: Readonly<Record<string, unknown>>, wanted: readonly Entry[], path: string): void {
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
