import type { Stats } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { FileFacts, Files } from "@keyspring/core";
import { makeFolder } from "./make-folder.ts";
import { codeOf, isAbsence, orAbsent } from "./system-error.ts";
import { writeAtomic } from "./write-atomic.ts";

export const systemFiles: Files = {
  read: (file) => orAbsent(fs.readFile(file)),
  async readText(file) {
    const bytes = await orAbsent(fs.readFile(file));
    return bytes?.toString("utf8");
  },
  facts: async (file) => factsOf(await orAbsent(fs.stat(file))),
  linkFacts: async (file) => factsOf(await orAbsent(fs.lstat(file))),
  realPath: (file) => fs.realpath(file),
  list: async (folder) => ((await orAbsent(fs.readdir(folder))) ?? []).toSorted(),
  writeAtomic,
  append,
  makeFolder,
  rename: (from, to) => fs.rename(from, to),
  remove: (file) => orAbsent(fs.unlink(file)),
  removeFolder,
  changeMode: (file, mode) => fs.chmod(file, mode),
};

async function removeFolder(folder: string): Promise<void> {
  try {
    await fs.rmdir(folder);
  } catch (error) {
    if (!isAbsence(error) && codeOf(error) !== "ENOTEMPTY" && codeOf(error) !== "EEXIST") throw error;
  }
}

function factsOf(stats: Stats | undefined): FileFacts | undefined {
  if (stats === undefined) return undefined;
  const windows = process.platform === "win32";
  return {
    kind: kindOf(stats),
    size: stats.size,
    mode: windows ? 0 : stats.mode & 0o777,
    uid: windows ? undefined : stats.uid,
    sticky: !windows && (stats.mode & 0o1000) !== 0,
    modified: stats.mtimeMs,
  };
}

function kindOf(stats: Stats): FileFacts["kind"] {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "folder";
  return stats.isSymbolicLink() ? "link" : "other";
}

/** One `write` to a file opened for appending: lines of several processes do not mix. */
async function append(file: string, text: string, { mode }: { readonly mode: number }): Promise<void> {
  const handle = await openToAppend(file, mode);
  try {
    const bytes = Buffer.from(text);
    const { bytesWritten } = await handle.write(bytes, 0, bytes.length);
    if (bytesWritten < bytes.length)
      throw Object.assign(new Error(`ENOSPC: only a part was written, ${file}`), { code: "ENOSPC", path: file });
  } finally {
    await handle.close();
  }
}

async function openToAppend(file: string, mode: number): Promise<fs.FileHandle> {
  try {
    return await fs.open(file, "a", mode);
  } catch (error) {
    if (!isAbsence(error)) throw error;
    await makeFolder(path.dirname(file), { mode: 0o700 });
    return fs.open(file, "a", mode);
  }
}
