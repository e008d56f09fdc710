import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { inNode } from "./testing/in-node.ts";
import { systemFiles as files } from "./files.ts";

const root = mkdtempSync(join(tmpdir(), "keyspring-files-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;
const folder = (): string => {
  const path = join(root, `case-${(count += 1)}`);
  mkdirSync(path);
  return path;
};
const mode = (path: string): number => statSync(path).mode & 0o777;

describe("writing whole files", () => {
  test("missing folders: made for this user alone; the file as told, whatever the umask", async () => {
    const path = join(folder(), "a", "b", "file");
    const old = process.umask(0o077);
    await files.writeAtomic(path, "text", { mode: 0o644 }).finally(() => process.umask(old));
    expect([readFileSync(path, "utf8"), mode(path), mode(join(path, ".."))]).toEqual(["text", 0o644, 0o700]);
  });

  test("the system refuses: it names the file that was meant, not the temporary one", async () => {
    const path = join(folder(), "x".repeat(250));
    await expect(files.writeAtomic(path, "text", { mode: 0o600 })).rejects.toMatchObject({ code: "ENAMETOOLONG", path });
  });

  test("existing file: replaced with the mode that was asked for, nothing left beside it", async () => {
    const at = folder();
    writeFileSync(join(at, "file"), "a longer text than the new one", { mode: 0o666 });
    await files.writeAtomic(join(at, "file"), "new", { mode: 0o600 });
    expect([readFileSync(join(at, "file"), "utf8"), mode(join(at, "file")), readdirSync(at)]).toEqual(["new", 0o600, ["file"]]);
  });

  test.skipIf(process.getuid?.() !== 0)("file of another user, written by root: stays that user's (needs root)", async () => {
    const path = join(folder(), "file");
    writeFileSync(path, "old");
    chownSync(path, 54_321, 54_322);
    await files.writeAtomic(path, "new", { mode: 0o600 });
    expect(statSync(path)).toMatchObject({ uid: 54_321, gid: 54_322 });
    expect([readFileSync(path, "utf8"), mode(path)]).toEqual(["new", 0o600]);
  });

  test("links, also in a row and to nothing yet: followed, never replaced", async () => {
    const at = folder();
    symlinkSync("second", join(at, "first"));
    symlinkSync("deep/target", join(at, "second"));
    mkdirSync(join(at, "deep"));
    await files.writeAtomic(join(at, "first"), "new", { mode: 0o600 });
    expect(readFileSync(join(at, "deep/target"), "utf8")).toBe("new");
    expect(lstatSync(join(at, "first")).isSymbolicLink() && lstatSync(join(at, "second")).isSymbolicLink()).toBe(true);
  });

  test("links in a circle: refused", async () => {
    const at = folder();
    symlinkSync("b", join(at, "a"));
    symlinkSync("a", join(at, "b"));
    await expect(files.writeAtomic(join(at, "a"), "x", { mode: 0o600 })).rejects.toMatchObject({ code: "ELOOP" });
  });

  test("target that cannot be replaced: the failure is told and nothing is left beside it", async () => {
    const at = folder();
    mkdirSync(join(at, "file"));
    await expect(files.writeAtomic(join(at, "file"), "x", { mode: 0o600 })).rejects.toMatchObject({ code: "EISDIR" });
    expect(readdirSync(at)).toEqual(["file"]);
  });

  test("writer killed at any moment: old or new, never between", async () => {
    const at = folder();
    const path = join(at, "file");
    const old = "o".repeat(200_000);
    const isWhole = (text: string): boolean => text === old || (text.length === 200_000 && new Set(text).size === 1);
    writeFileSync(path, old);
    for (let delay = 0; delay < 5; delay += 1) {
      const writer = inNode(
        `import { systemFiles } from "${import.meta.dirname}/files.ts";
         console.log("ready");
         for (let n = 0; ; n += 1) await systemFiles.writeAtomic(process.argv[1], String(n % 10).repeat(200_000), { mode: 0o600 });`,
        [path],
      );
      await writer.line();
      await new Promise((resolve) => setTimeout(resolve, delay * 7));
      await writer.kill();
      expect(isWhole(readFileSync(path, "utf8"))).toBe(true);
    }
  }, 20_000);

  // Needs root and the right to mount: a disk that is really full.
  const disk = folder();
  const mounted =
    process.platform === "linux" && spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk]).status === 0;
  afterAll(() => {
    if (mounted) execFileSync("umount", [disk]);
  });
  test.skipIf(!mounted)(
    "full disk: the old file stays, nothing is left beside it (needs the right to mount a tmpfs)",
    async () => {
      await files.writeAtomic(join(disk, "file"), "old", { mode: 0o600 });
      const large = "x".repeat(200_000);
      await expect(files.writeAtomic(join(disk, "file"), large, { mode: 0o600 })).rejects.toMatchObject({ code: "ENOSPC" });
      await expect(files.append(join(disk, "log"), large, { mode: 0o600 })).rejects.toMatchObject({ code: "ENOSPC" });
      expect([readFileSync(join(disk, "file"), "utf8"), readdirSync(disk)]).toEqual(["old", ["file", "log"]]);
    },
  );
});

describe("appending", () => {
  test("makes the file and its folder; several processes at once: no line is torn", async () => {
    const path = join(folder(), "log", "lines");
    const writers = Array.from({ length: 4 }, (_, writer) =>
      inNode(
        `import { systemFiles } from "${import.meta.dirname}/files.ts";
         for (let n = 0; n < 100; n += 1) await systemFiles.append(process.argv[1], "${writer}".repeat(500) + "\\n", { mode: 0o600 });`,
        [path],
      ),
    );
    expect(await Promise.all(writers.map((writer) => writer.exit()))).toEqual([0, 0, 0, 0]);
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(400);
    expect(lines.every((line) => line.length === 500 && new Set(line).size === 1)).toBe(true);
    expect(mode(path)).toBe(0o600);
  }, 20_000);
});

describe("looking", () => {
  test("nothing there, or a file where a folder should be: absent, not an error", async () => {
    const at = folder();
    writeFileSync(join(at, "file"), "");
    for (const path of [join(at, "none"), join(at, "file", "below")]) {
      expect(await files.read(path)).toBeUndefined();
      expect(await files.facts(path)).toBeUndefined();
      expect(await files.list(path)).toEqual([]);
      await files.remove(path);
    }
  });

  test("facts of a link and of what it leads to", async () => {
    const at = folder();
    writeFileSync(join(at, "file"), "four");
    chmodSync(join(at, "file"), 0o640);
    symlinkSync("file", join(at, "link"));
    expect(await files.facts(join(at, "link"))).toMatchObject({ kind: "file", size: 4, mode: 0o640, uid: process.getuid?.() });
    expect(await files.linkFacts(join(at, "link"))).toMatchObject({ kind: "link" });
    expect(await files.list(at)).toEqual(["file", "link"]);
  });

  test("text: a byte-order mark is kept", async () => {
    const path = join(folder(), "file");
    writeFileSync(path, "\uFEFFä");
    expect(await files.readText(path)).toBe("\uFEFFä");
  });

  test("folder: removed when empty, left when not, absent is fine", async () => {
    const at = folder();
    await files.makeFolder(join(at, "a", "b"), { mode: 0o700 });
    await files.removeFolder(join(at, "a"));
    expect(await files.list(at)).toEqual(["a"]);
    await files.removeFolder(join(at, "a", "b"));
    await files.removeFolder(join(at, "a"));
    await files.removeFolder(join(at, "a"));
    expect(await files.list(at)).toEqual([]);
  });
});
