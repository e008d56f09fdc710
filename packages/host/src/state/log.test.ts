import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRedactor } from "@keyspring/core";
import { fakePlatform, type FakePlatform } from "@keyspring/core/testing";
import { describe, expect, test } from "vitest";
import { folders } from "../folders.ts";
import { nodePlatform } from "../platform/node-platform.ts";
import { logLevel, openLog, readLog, type LogLevel } from "./log.ts";

const FILE = "/home/ada/.local/state/keyspring/log/keyspring.log";
const SECRET = "TopSecret-TopSecret-TopSecret";

function log(level?: LogLevel, platform: FakePlatform = fakePlatform()) {
  const redactor = createRedactor();
  redactor.add(SECRET);
  return { platform, log: openLog(platform, folders(platform), redactor, level) };
}

test("one JSON line each, in order, for this user alone, and read again", async () => {
  const { platform, log: it } = log();
  it.info("first", { profile: "acme", left: 5 });
  it.error("second");
  await it.flush();
  const lines = platform.files.texts()[FILE]!.trimEnd().split("\n");
  expect(JSON.parse(lines[0]!)).toEqual({
    time: "2026-01-01T00:00:00.000Z",
    level: "info",
    pid: 4242,
    message: "first",
    profile: "acme",
    left: 5,
  });
  expect((await platform.files.facts(FILE))?.mode).toBe(0o600);
  expect(await readLog(platform, folders(platform), 1)).toEqual([
    { time: "2026-01-01T00:00:00.000Z", level: "error", pid: 4242, message: "second", facts: {} },
  ]);
});

test("state folder of somebody else, or that others may write: not a line in it, and no failure", async () => {
  for (const facts of [{ mode: 0o777 }, { mode: 0o700, uid: 12 }]) {
    const { platform, log: it } = log();
    platform.files.put("/home/ada/.local/state/keyspring", "", { kind: "folder", ...facts });
    it.error("first");
    it.error("second");
    await it.flush();
    expect(platform.files.texts()).toEqual({});
  }
});

test("secrets: in no message and no fact", async () => {
  const { platform, log: it } = log();
  it.warn(`got ${SECRET}`, { stderr: `token=${SECRET} and "${SECRET}"`, "line\nbreak": "a\nb" });
  await it.flush();
  expect(platform.files.texts()[FILE]).not.toContain("TopSecret");
  expect(platform.files.texts()[FILE]!.split("\n")).toHaveLength(2);
});

test.each<[string | undefined, LogLevel]>([
  [undefined, "info"],
  ["DEBUG", "debug"],
  ["silent", "silent"],
  ["nonsense", "info"],
])("KEYSPRING_LOG_LEVEL %s: %s", (value, level) => {
  expect(logLevel(fakePlatform({ env: { KEYSPRING_LOG_LEVEL: value } }))).toBe(level);
});

test.each<[LogLevel, number]>([
  ["debug", 4],
  ["info", 3],
  ["warn", 2],
  ["error", 1],
  ["silent", 0],
])("level %s: %i of four lines", async (level, count) => {
  const { platform, log: it } = log(level);
  it.debug("a");
  it.info("b");
  it.warn("c");
  it.error("d");
  await it.flush();
  expect(await readLog(platform, folders(platform), 10)).toHaveLength(count);
});

test("cannot be written, torn, foreign: nobody notices", async () => {
  const { platform, log: it } = log();
  platform.files.fail("append", "ENOSPC");
  it.info("lost");
  it.info("kept");
  await it.flush();
  platform.files.put(FILE, `${platform.files.texts()[FILE]}{"time":"20\nnull\n7\n`);
  expect((await readLog(platform, folders(platform), 10)).map(({ message }) => message)).toEqual(["kept"]);
});

describe("on this machine", () => {
  test("grown: rotated, three files, the newest lines are found across them", async () => {
    const root = mkdtempSync(join(tmpdir(), "keyspring-log-"));
    const platform = nodePlatform();
    const place = { config: root, state: root, runtime: root };
    const it = openLog(platform, place, createRedactor(), "info");
    for (let n = 0; n < 100; n += 1) it.info(`${n} ${"x".repeat(45_000)}`);
    await it.flush();
    const names = readdirSync(join(root, "log")).filter((name) => !name.endsWith(".lock"));
    expect(names).toEqual(["keyspring.log", "keyspring.log.1", "keyspring.log.2"]);
    for (const name of names) expect(statSync(join(root, "log", name)).size).toBeLessThan(1024 * 1024 + 50_000);
    const entries = await readLog(platform, place, 40);
    expect(entries.map(({ message }) => message.split(" ")[0])).toEqual(Array.from({ length: 40 }, (_, n) => String(60 + n)));
    rmSync(root, { recursive: true });
  });

  test("several logs at once, rotating: every line is whole and none of the newest is lost", async () => {
    const root = mkdtempSync(join(tmpdir(), "keyspring-log-"));
    const platform = nodePlatform();
    const place = { config: root, state: root, runtime: root };
    const logs = Array.from({ length: 4 }, () => openLog(platform, place, createRedactor(), "info"));
    for (let n = 0; n < 60; n += 1) for (const it of logs) it.info("x".repeat(10_000), { n });
    await Promise.all(logs.map((it) => it.flush()));
    expect(statSync(join(root, "log", "keyspring.log")).mode & 0o777).toBe(0o600);
    const names = readdirSync(join(root, "log")).filter((name) => !name.endsWith(".lock"));
    const lines = names.flatMap((name) =>
      readFileSync(join(root, "log", name), "utf8")
        .trimEnd()
        .split("\n"),
    );
    expect(lines.every((line) => (JSON.parse(line) as { message: string }).message.length === 10_000)).toBe(true);
    expect(lines).toHaveLength(240);
    rmSync(root, { recursive: true });
  });
});
