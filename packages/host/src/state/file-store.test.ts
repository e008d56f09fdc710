import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { silentLog, type CredentialStore, type Log, type StoredCredentials } from "@keyspring/core";
import { fakeIdentity, fakePlatform, type FakePlatform } from "@keyspring/core/testing";
import { afterAll, describe, expect, test } from "vitest";
import { folders } from "../folders.ts";
import { nodePlatform } from "../platform/node-platform.ts";
import { createFileStore } from "./file-store.ts";

const KEY = "0123456789abcdef".repeat(4);
const HOUR = 3_600_000;

function listeningLog(): { log: Log; said: string[] } {
  const said: string[] = [];
  return { said, log: { ...silentLog, warn: (message, facts) => void said.push(`${message} ${JSON.stringify(facts)}`) } };
}

function entryFor(platform: { clock: { now(): number } }, life = HOUR, n = 1): StoredCredentials {
  const now = platform.clock.now();
  return {
    identity: { ...fakeIdentity(new Date(now + life), n), accountId: "123456789012" },
    obtainedAt: now,
    profile: "acme",
    source: "sso",
  };
}

interface Situation {
  readonly platform: FakePlatform;
  readonly said: string[];
  readonly all: CredentialStore;
  readonly file: string;
}

function store(platform: FakePlatform = fakePlatform()): Situation {
  const { log, said } = listeningLog();
  const all = createFileStore(platform, folders(platform), log);
  return { platform, said, all, file: `/home/ada/.local/state/keyspring/credentials/${KEY}.json` };
}

describe("what was written", () => {
  test("is read as it was, but prints no secret", async () => {
    const { all, platform } = store();
    const entry = { ...entryFor(platform), refusals: 2 };
    await all.write(KEY, entry);
    const found = await all.read(KEY);
    expect({ ...found, identity: { ...found!.identity } }).toEqual(entry);
    expect(inspect(found) + JSON.stringify(found)).not.toContain(entry.identity.secretAccessKey);
  });

  test("long-term keys: no session token, no expiration", async () => {
    const { all } = store();
    const entry = { identity: { accessKeyId: "AKIA", secretAccessKey: "s" }, obtainedAt: 1, profile: "p", source: "process" };
    await all.write(KEY, entry);
    expect({ ...(await all.read(KEY))!.identity }).toEqual(entry.identity);
  });

  test("for this user alone", async () => {
    const { all, platform, file } = store();
    await all.write(KEY, entryFor(platform));
    expect((await platform.files.facts(file))?.mode).toBe(0o600);
  });

  test("removed: gone; removed again: fine", async () => {
    const { all, platform } = store();
    await all.write(KEY, entryFor(platform));
    await all.remove(KEY);
    await all.remove(KEY);
    expect(await all.read(KEY)).toBeUndefined();
  });
});

describe("damage", () => {
  test("cut off at any byte: absent, never something else", async () => {
    const { all, platform, file } = store();
    await all.write(KEY, entryFor(platform));
    const whole = platform.files.texts()[file]!;
    for (let length = 0; length < whole.length - 1; length += 1) {
      platform.files.put(file, whole.slice(0, length));
      expect(await all.read(KEY)).toBeUndefined();
    }
  });

  test("any letter changed: absent or the same", async () => {
    const { all, platform, file } = store();
    await all.write(KEY, entryFor(platform));
    const whole = platform.files.texts()[file]!;
    const right = inspect({ ...(await all.read(KEY))!.identity });
    for (let at = 0; at < whole.length; at += 1) {
      platform.files.put(file, `${whole.slice(0, at)}${whole[at] === "z" ? "y" : "z"}${whole.slice(at + 1)}`);
      const found = await all.read(KEY);
      if (found !== undefined) expect(inspect({ ...found.identity })).toBe(right);
    }
  });

  test.each([
    ["empty", ""],
    ["of another program", '{"Credentials":{}}'],
    ["of a later version", '{"version":2}'],
    ["no object", "null"],
    ["endless", " ".repeat(300_000)],
  ])("%s: absent, and said to the log without its content", async (_state, text) => {
    const { all, platform, file, said } = store();
    platform.files.put(file, text);
    expect(await all.read(KEY)).toBeUndefined();
    expect(said).toEqual([`stored credentials are damaged and were ignored ${JSON.stringify({ file })}`]);
  });

  test("stored by another process at this very moment: absent, and no damage", async () => {
    const { all, platform, file, said } = store();
    const { files } = platform;
    const absent = files.readText.bind(files);
    files.readText = async (path) => {
      const found = await absent(path);
      files.put(file, "{}");
      return found;
    };
    expect(await all.read(KEY)).toBeUndefined();
    expect(said).toEqual([]);
  });

  test("copied from another key: absent", async () => {
    const { all, platform, file } = store();
    await all.write("f".repeat(64), entryFor(platform));
    platform.files.put(file, platform.files.texts()[file.replace(KEY, "f".repeat(64))]!);
    expect(await all.read(KEY)).toBeUndefined();
  });

  test("nothing there: absent and nothing said", async () => {
    const { all, said } = store();
    expect([await all.read(KEY), said]).toEqual([undefined, []]);
  });
});

describe("trouble", () => {
  test("full disk: told with the system's code, the old entry stays", async () => {
    const { all, platform } = store();
    await all.write(KEY, entryFor(platform, HOUR, 1));
    platform.files.fail("writeAtomic", "ENOSPC");
    await expect(all.write(KEY, entryFor(platform, HOUR, 2))).rejects.toMatchObject({ code: "ENOSPC" });
    expect((await all.read(KEY))?.identity.accessKeyId).toBe("ASIAFAKEFAKEFAKE0001");
  });

  test("state folder that others may write: nothing is read from it or written to it", async () => {
    const { all, platform } = store();
    platform.files.put("/home/ada/.local/state/keyspring", "", { kind: "folder", mode: 0o777 });
    for (const work of [all.read(KEY), all.write(KEY, entryFor(platform))])
      await expect(work).rejects.toMatchObject({ remedy: "Run: chmod 700 /home/ada/.local/state/keyspring" });
  });

  test("file that root left there: said with the command", async () => {
    const { all, platform, file } = store();
    platform.files.put(file, "{}");
    platform.files.fail("read", "EACCES");
    await expect(all.read(KEY)).rejects.toMatchObject({
      code: "INVALID_CONFIGURATION",
      remedy: expect.stringContaining("sudo chown"),
    });
  });

  test.each(["../../etc/passwd", "ABC", ""])("key that is no digest: refused (%j)", async (key) => {
    await expect(store().all.read(key)).rejects.toThrow("hexadecimal");
  });

  test("credentials of absurd length: not stored, and said", async () => {
    const { all, platform, said } = store();
    const entry = entryFor(platform);
    await all.write(KEY, { ...entry, identity: { ...entry.identity, sessionToken: "x".repeat(40_000) } });
    expect([await all.read(KEY), said.length]).toEqual([undefined, 1]);
  });
});

const key = (letter: string): string => letter.repeat(64);

test("what ended more than a day ago, and what crashed writers left, goes at the next write", async () => {
  const { all, platform } = store();
  const folder = "/home/ada/.local/state/keyspring/credentials";
  await all.write(key("a"), entryFor(platform, HOUR));
  await all.write(key("b"), entryFor(platform, 40 * HOUR));
  await all.write(key("c"), { ...entryFor(platform), identity: { accessKeyId: "AKIA", secretAccessKey: "s" } });
  platform.files.put(`${folder}/${key("d")}.json`, "damaged");
  platform.files.put(`${folder}/.x.json.1.2.tmp`, "half");
  platform.files.put(`${folder}/README`, "of somebody");
  await platform.clock.advance(26 * HOUR);
  await all.write(key("e"), entryFor(platform));
  expect(await platform.files.list(folder)).toEqual(["README", `${key("b")}.json`, `${key("c")}.json`, `${key("e")}.json`]);
});

describe("on this machine", () => {
  const root = mkdtempSync(join(tmpdir(), "keyspring-store-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const platform = nodePlatform();
  const place = { config: root, state: join(root, "state"), runtime: root };

  test("file and folder are for this user alone; nothing else is left", async () => {
    const all = createFileStore(platform, place, silentLog);
    await all.write(KEY, entryFor(platform));
    const folder = join(place.state, "credentials");
    expect(
      [statSync(place.state), statSync(folder), statSync(join(folder, `${KEY}.json`))].map(({ mode }) => mode & 0o777),
    ).toEqual([0o700, 0o700, 0o600]);
    expect(readdirSync(folder)).toEqual([`${KEY}.json`]);
    expect((await all.read(KEY))?.profile).toBe("acme");
  });

  test("writers and readers at once: always a whole entry", async () => {
    const all = createFileStore(platform, place, silentLog);
    await all.write(KEY, entryFor(platform));
    const writing = Promise.all(Array.from({ length: 20 }, (_, n) => all.write(KEY, entryFor(platform, HOUR, n))));
    for (let n = 0; n < 100; n += 1) expect(await all.read(KEY)).toBeDefined();
    await writing;
  });

  test("bytes that are no text: absent", async () => {
    const file = join(place.state, "credentials", `${KEY}.json`);
    writeFileSync(file, Buffer.concat([readFileSync(file).subarray(0, 50), Buffer.alloc(50, 0xff)]));
    expect(await createFileStore(platform, place, silentLog).read(KEY)).toBeUndefined();
  });
});
