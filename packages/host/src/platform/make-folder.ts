import * as fs from "node:fs/promises";
import * as path from "node:path";
import { codeOf } from "./system-error.ts";

/**
 * Makes the folder and what is missing above it. Node's own `recursive` answers ENOENT on a full or read-only disk, which would tell a
 * person the wrong thing to mend, and never ends where a file system keeps answering ENOENT (/proc).
 */
export async function makeFolder(folder: string, { mode }: { readonly mode: number }): Promise<void> {
  const parent = path.dirname(folder);
  try {
    await fs.mkdir(folder, { mode });
  } catch (error) {
    const isAbove = codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR";
    if (isAbove && parent !== folder) {
      // Fails with the path of whatever stands in the way.
      await makeFolder(parent, { mode });
      // A dangling link answers ENOENT for what is below it, however often it is asked.
      return makeLast(folder, mode);
    }
    if (!(await isFolder(folder))) throw error;
  }
}

async function makeLast(folder: string, mode: number): Promise<void> {
  try {
    await fs.mkdir(folder, { mode });
  } catch (error) {
    if (!(await isFolder(folder))) throw error;
  }
}

async function isFolder(folder: string): Promise<boolean> {
  return (await fs.stat(folder).catch(() => undefined))?.isDirectory() === true;
}
