import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fakePlatform } from "@keyspring/core/testing";
import { afterAll, describe, expect, test } from "vitest";
import { nodePlatform } from "./platform/node-platform.ts";
import { checkedFolder, notWritable, securedFolder } from "./secured.ts";

const EVERYBODY = 0o777;
const root = mkdtempSync(join(tmpdir(), "keyspring-secured-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("a folder on this machine", () => {
  const platform = nodePlatform();

  test("missing: made for this user alone, also what is above it", async () => {
    await securedFolder(platform, join(root, "a", "b"));
    expect([join(root, "a"), join(root, "a", "b")].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700]);
  });

  test("others may read it: accepted as it is", async () => {
    mkdirSync(join(root, "readable"), { mode: 0o755 });
    await securedFolder(platform, join(root, "readable"));
  });

  test.each([0o770, 0o707, EVERYBODY])("others may write it (%o): refused with the chmod", async (mode) => {
    const path = join(root, `writable-${mode}`);
    mkdirSync(path);
    chmodSync(path, mode);
    await expect(securedFolder(platform, path)).rejects.toMatchObject({
      code: "INVALID_CONFIGURATION",
      remedy: `Run: chmod 700 ${path}`,
    });
  });

  test("a link to one that others may write: refused as well", async () => {
    symlinkSync(join(root, `writable-${EVERYBODY}`), join(root, "link"));
    await expect(checkedFolder(platform, join(root, "link"))).rejects.toMatchObject({ code: "INVALID_CONFIGURATION" });
  });

  test("a file in its place: said", async () => {
    writeFileSync(join(root, "a file"), "");
    await expect(securedFolder(platform, join(root, "a file"))).rejects.toMatchObject({
      remedy: `Move it away: mv '${join(root, "a file")}' '${join(root, "a file")}.old'`,
    });
    await expect(securedFolder(platform, join(root, "a file", "below"))).rejects.toMatchObject({
      code: "INVALID_CONFIGURATION",
    });
  });
});

describe("owners", () => {
  test("another user: refused with the chown", async () => {
    const platform = fakePlatform();
    platform.files.put("/s", "", { kind: "folder", uid: 4, mode: 0o700 });
    await expect(securedFolder(platform, "/s")).rejects.toMatchObject({ remedy: "Run: sudo chown -R 1000 /s" });
  });

  test("Windows has neither owners nor modes here: accepted", async () => {
    const platform = fakePlatform({ os: "win32" });
    platform.files.put("C:\\s", "", { kind: "folder", uid: 4, mode: 0o777 });
    await securedFolder(platform, "C:\\s");
  });
});

test.each([
  ["EACCES", "cannot be written", "chown"],
  ["EROFS", "read-only disk", "KEYSPRING_STATE_DIR"],
  ["ENOSPC", "the disk is full", "df -h"],
])("what the system says about writing: %s", (code, message, remedy) => {
  const error = notWritable(fakePlatform(), "/s", Object.assign(new Error(code), { code }));
  expect(error).toMatchObject({
    code: "INVALID_CONFIGURATION",
    message: expect.stringContaining(message),
    remedy: expect.stringContaining(remedy),
  });
});

test("anything else the system says stays as it is", () => {
  const error = new Error("other");
  expect(notWritable(fakePlatform(), "/s", error)).toBe(error);
});
