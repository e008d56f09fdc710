import type { Platform } from "@keyspring/core";
import * as v from "valibot";

/** No record of Keyspring comes near this. */
const SIZE_LIMIT = 256 * 1024;

/**
 * The JSON record in a file; `undefined` if there is none, or if it is not whole, too long, or not of this shape. Anybody's mistake
 * in the state folder must cost a refresh, never a crash.
 */
export async function readRecord<Schema extends v.GenericSchema>(
  platform: Platform,
  path: string,
  schema: Schema,
): Promise<v.InferOutput<Schema> | undefined> {
  const text = await platform.files.readText(path);
  if (text === undefined || text.length > SIZE_LIMIT) return undefined;
  try {
    const result = v.safeParse(schema, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces the file by the record, readable by this user alone. */
export async function writeRecord(platform: Platform, path: string, record: unknown): Promise<void> {
  await platform.files.writeAtomic(path, `${JSON.stringify(record)}\n`, { mode: 0o600 });
}

/** A file name for a name that people or sources chose freely. */
export function fileNameFor(platform: Platform, ...names: string[]): string {
  return `${platform.digest("sha256", JSON.stringify(names)).slice(0, 40)}.json`;
}
