import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { crypto } from "./builtin.ts";
import { makeFolder } from "./make-folder.ts";
import { codeOf, isAbsence, orAbsent } from "./system-error.ts";

/** Windows answers these while another process has the old file open for a moment. */
const BUSY = new Set(["EPERM", "EACCES", "EBUSY"]);

/** Replaces the file that `target` names, or leads to, whole. See `Files.writeAtomic` in core for the promise. */
export async function writeAtomic(
  target: string,
  data: string | Uint8Array,
  { mode }: { readonly mode: number },
): Promise<void> {
  const file = await endOfLinks(target);
  const folder = path.dirname(file);
  await makeFolder(folder, { mode: 0o700 });
  const temporary = path.join(folder, temporaryName(path.basename(file)));
  try {
    await writeDurably(temporary, data, mode, await ownerToKeep(file));
    await replace(temporary, file);
  } catch (error) {
    await fs.rm(temporary, { force: true }).catch(() => undefined);
    throw aboutFile(error, temporary, file);
  }
  await syncFolder(folder);
}

/** `.name.pid.random.tmp`: hidden, unique across processes and threads. */
function temporaryName(name: string): string {
  return `.${name}.${process.pid}.${crypto().randomBytes(6).toString("hex")}.tmp`;
}

/** Nobody has heard of the temporary file: what failed is the writing of the one that was meant. */
function aboutFile(error: unknown, temporary: string, file: string): unknown {
  if (error instanceof Error && (error as NodeJS.ErrnoException).path === temporary)
    (error as NodeJS.ErrnoException).path = file;
  return error;
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Under `sudo` a user's file must stay the user's. */
async function ownerToKeep(file: string): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const before = await orAbsent(fs.stat(file));
  return before === undefined || before.uid === 0 ? undefined : before;
}

async function writeDurably(file: string, data: string | Uint8Array, mode: number, owner: Owner | undefined): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
  const handle = await fs.open(file, flags, 0o600);
  try {
    await handle.writeFile(data);
    if (owner !== undefined) await handle.chown(owner.uid, owner.gid);
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function replace(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await fs.rename(from, to);
      return;
    } catch (error) {
      if (process.platform !== "win32" || attempt === 10 || !BUSY.has(codeOf(error) ?? "")) throw error;
      await new Promise((resolve) => setTimeout(resolve, attempt * 10));
    }
  }
}

/** Makes the rename itself durable. Systems that cannot sync a folder say so; the file is whole all the same. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await fs.open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** Where the links that start at `target` end, also if nothing is there yet. */
async function endOfLinks(target: string): Promise<string> {
  let file = target;
  for (let step = 0; step < 40; step += 1) {
    try {
      file = path.resolve(path.dirname(file), await fs.readlink(file));
    } catch (error) {
      if (codeOf(error) === "EINVAL" || codeOf(error) === "UNKNOWN" || isAbsence(error)) return file;
      throw error;
    }
  }
  throw Object.assign(new Error(`ELOOP: too many links, ${target}`), { code: "ELOOP", path: target });
}
