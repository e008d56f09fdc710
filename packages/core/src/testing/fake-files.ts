import type { FileFacts, Files } from "../platform.ts";

interface Entry {
  kind: FileFacts["kind"];
  bytes: Uint8Array;
  mode: number;
  uid: number;
  sticky?: boolean;
  modified: number;
  target?: string;
}

export interface FakeFiles extends Files {
  /** Puts a file there, whatever its folder; overrides as given. */
  put(path: string, text: string, facts?: Partial<Pick<Entry, "mode" | "uid" | "sticky" | "kind">>): void;
  link(path: string, target: string): void;
  /** The text of every file, by path. */
  texts(): Record<string, string>;
  /** Makes the next call of `method` fail as the system would, e.g. `fail("writeAtomic", "ENOSPC")`. */
  fail(method: keyof Files, code: string): void;
}

/** Files in memory, POSIX paths or Windows paths alike. Folders exist as soon as something is in them. */
export function fakeFiles(options: { uid?: number; now?: () => number } = {}): FakeFiles {
  const uid = options.uid ?? 1000;
  const now = options.now ?? (() => 0);
  const entries = new Map<string, Entry>();
  const failures = new Map<keyof Files, string[]>();

  const follow = (path: string): string => {
    const entry = entries.get(path);
    return entry?.kind === "link" ? follow(entry.target!) : path;
  };
  const folderExists = (path: string): boolean =>
    [...entries.keys()].some((key) => key !== path && dirname(key).startsWith(path));
  const factsOf = (path: string): FileFacts | undefined => {
    const entry = entries.get(path);
    if (entry !== undefined)
      return {
        kind: entry.kind,
        size: entry.bytes.length,
        mode: entry.mode,
        uid: entry.uid,
        sticky: entry.sticky ?? false,
        modified: entry.modified,
      };
    return folderExists(path) ? { kind: "folder", size: 0, mode: 0o700, uid, modified: 0 } : undefined;
  };
  const failIfTold = (method: keyof Files, path: string): void => {
    const code = failures.get(method)?.shift();
    if (code !== undefined) throw systemError(code, path);
  };
  const set = (path: string, bytes: Uint8Array, mode: number): void => {
    entries.set(path, { kind: "file", bytes, mode: entries.get(path)?.mode ?? mode, uid, modified: now() });
  };

  const files: FakeFiles = {
    async read(path) {
      failIfTold("read", path);
      const entry = entries.get(follow(path));
      if (entry?.kind === "folder" || (entry === undefined && folderExists(follow(path)))) throw systemError("EISDIR", path);
      return entry?.bytes;
    },
    async readText(path) {
      const bytes = await files.read(path);
      return bytes === undefined ? undefined : new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    },
    facts: async (path) => factsOf(follow(path)),
    linkFacts: async (path) => factsOf(path),
    async realPath(path) {
      if (factsOf(follow(path)) === undefined) throw systemError("ENOENT", path);
      return follow(path);
    },
    async list(folder) {
      const names = [...entries.keys()].filter((path) => path !== folder && path.startsWith(folder));
      const inside = names.map(
        (path) =>
          path
            .slice(folder.length)
            .replace(/^[/\\]/, "")
            .split(/[/\\]/)[0]!,
      );
      return [...new Set(inside)].toSorted();
    },
    async writeAtomic(path, data, { mode }) {
      failIfTold("writeAtomic", path);
      const target = follow(path);
      entries.set(target, { kind: "file", bytes: toBytes(data), mode, uid, modified: now() });
    },
    async append(path, text, { mode }) {
      failIfTold("append", path);
      const before = entries.get(follow(path))?.bytes ?? new Uint8Array();
      set(follow(path), new Uint8Array([...before, ...toBytes(text)]), mode);
    },
    async makeFolder(path, { mode }) {
      failIfTold("makeFolder", path);
      if (factsOf(path) === undefined)
        entries.set(path, { kind: "folder", bytes: new Uint8Array(), mode, uid, modified: now() });
    },
    async rename(from, to) {
      failIfTold("rename", from);
      const entry = entries.get(from);
      if (entry === undefined) throw systemError("ENOENT", from);
      entries.set(to, entry);
      entries.delete(from);
    },
    async remove(path) {
      failIfTold("remove", path);
      entries.delete(path);
    },
    async removeFolder(path) {
      failIfTold("removeFolder", path);
      if (entries.get(path)?.kind === "folder" && !folderExists(path)) entries.delete(path);
    },
    async changeMode(path, mode) {
      const entry = entries.get(follow(path));
      if (entry === undefined) throw systemError("ENOENT", path);
      entry.mode = mode;
    },
    put(path, text, facts = {}) {
      entries.set(path, { kind: "file", bytes: toBytes(text), mode: 0o600, uid, modified: now(), ...facts });
    },
    link(path, target) {
      entries.set(path, { kind: "link", bytes: new Uint8Array(), mode: 0o777, uid, modified: now(), target });
    },
    texts() {
      const all = [...entries].filter(([, entry]) => entry.kind === "file");
      return Object.fromEntries(all.map(([path, entry]) => [path, new TextDecoder().decode(entry.bytes)]));
    },
    fail(method, code) {
      failures.set(method, [...(failures.get(method) ?? []), code]);
    },
  };
  return files;
}

export function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code, path });
}

const toBytes = (data: string | Uint8Array): Uint8Array => (typeof data === "string" ? new TextEncoder().encode(data) : data);
const dirname = (path: string): string => path.replace(/[/\\][^/\\]*$/, "") || "/";
