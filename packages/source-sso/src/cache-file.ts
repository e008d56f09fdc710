import { sourceFailed, type CredentialError, type Platform } from "@keyspring/core";

type Machine = Pick<Platform, "files" | "clock">;
export type Fields = Readonly<Record<string, unknown>>;

/** The AWS CLI rewrites its files in place: a reader may come between emptying and filling. */
const TORN_TRIES = 3;
const TORN_PAUSE = 100;

/** The JSON object in a cache file; `undefined` if there is none or, still after a moment, nothing readable. */
export async function readCacheFile({ files, clock }: Machine, path: string): Promise<Fields | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const text = await files.readText(path).catch((error: unknown) => {
      throw fileFailure(error, "read", path);
    });
    if (text === undefined) return undefined;
    const fields = parseObject(text);
    if (fields !== undefined || attempt === TORN_TRIES) return fields;
    await clock.sleep(TORN_PAUSE);
  }
}

export async function writeCacheFile({ files }: Pick<Platform, "files">, path: string, fields: Fields): Promise<void> {
  await files.writeAtomic(path, JSON.stringify(fields), { mode: 0o600 }).catch((error: unknown) => {
    throw fileFailure(error, "write", path);
  });
}

/**
 * Proves that `path` could be written now. What comes next cannot be had twice (a refresh token is redeemed once, a person signs in
 * once), so a full disk or a folder of another owner must show before it.
 */
export async function rehearseWrite({ files }: Pick<Platform, "files">, path: string): Promise<void> {
  const rehearsal = `${path}.keyspring`;
  try {
    await files.writeAtomic(rehearsal, " ".repeat(8192), { mode: 0o600 });
    await files.remove(rehearsal);
  } catch (error) {
    await files.remove(rehearsal).catch(() => undefined);
    throw fileFailure(error, "write", path);
  }
}

export function fileFailure(error: unknown, verb: "read" | "write" | "remove" | "lock", path: string): CredentialError {
  const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
  const remedy =
    code === "ENOSPC" || code === "EDQUOT"
      ? "Free some disk space, then try again."
      : `Make the file and its folder yours (ls -l ${path}), then try again.`;
  return sourceFailed(`cannot ${verb} ${path} (${code})`, remedy);
}

/** `undefined` for what is no JSON at all; anything but an object holds no fields. */
function parseObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
  } catch {
    return undefined;
  }
}
