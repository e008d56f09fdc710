import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFolder } from "./make-folder.ts";

let root: string;
beforeEach(async () => {
  root = await fs.mkdtemp(path.join(os.tmpdir(), "keyspring-folder-"));
});
afterEach(() => fs.rm(root, { recursive: true }));

const below = (...names: string[]): string => path.join(root, ...names);

test("what is missing above it is made too, with the same mode", async () => {
  await makeFolder(below("a", "b", "c"), { mode: 0o700 });
  for (const made of [below("a"), below("a", "b"), below("a", "b", "c")])
    expect((await fs.stat(made)).mode & 0o777).toBe(0o700);
});

test("there already, and reached through a link: left as it is", async () => {
  await fs.mkdir(below("a"), { mode: 0o755 });
  await fs.symlink("a", below("link"));
  await makeFolder(below("link"), { mode: 0o700 });
  expect((await fs.stat(below("a"))).mode & 0o777).toBe(0o755);
});

test("many callers at once: all succeed", async () => {
  await Promise.all(Array.from({ length: 20 }, () => makeFolder(below("x", "y", "z"), { mode: 0o700 })));
  expect((await fs.stat(below("x", "y", "z"))).isDirectory()).toBe(true);
});

test.each([
  ["a file in its place", "file", "file"],
  ["a file above it", path.join("file", "x"), "file"],
  ["a file far above it", path.join("file", "x", "y", "z"), "file"],
  ["a link to nothing in its place", "dangling", "dangling"],
  ["a link to nothing above it", path.join("dangling", "x"), "dangling"],
])("%s: says what stands in the way", async (_, name, culprit) => {
  await fs.writeFile(below("file"), "");
  await fs.symlink("nowhere", below("dangling"));
  await expect(makeFolder(below(name), { mode: 0o700 })).rejects.toMatchObject({ code: "EEXIST", path: below(culprit) });
});

test.runIf(process.platform === "linux")(
  "a file system that takes nothing: its own reason, not that something is missing",
  async () => {
    await expect(makeFolder("/proc/keyspring/x", { mode: 0o700 })).rejects.toMatchObject({ code: "ENOENT" });
  },
);
