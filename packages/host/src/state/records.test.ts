import type { Handout, HandoutLedger, PendingSignIn, PendingSignIns } from "@keyspring/core";
import { fakePlatform, type FakePlatform } from "@keyspring/core/testing";
import { describe, expect, test } from "vitest";
import { folders } from "../folders.ts";
import { createErrorMemory, type RememberedError } from "./error-memory.ts";
import { createHandoutLedger } from "./handout-ledger.ts";
import { createNotes } from "./notes.ts";
import { createPendingSignIns } from "./pending-sign-ins.ts";

const STATE = "/home/ada/.local/state/keyspring";
const onlyFile = (texts: Record<string, string>): string => Object.keys(texts)[0]!;

const handout = (consumer: string, at: number, n = 1): Handout => ({ consumer, fingerprint: String(n).padStart(16, "0"), at });

function ledger(): { platform: FakePlatform; all: HandoutLedger; now: number; file: string } {
  const platform = fakePlatform();
  const all = createHandoutLedger(platform, folders(platform));
  return { platform, all, now: platform.clock.now(), file: `${STATE}/handouts/aa.jsonl` };
}

describe("handouts", () => {
  test("the last one of each consumer, per key", async () => {
    const { all, now } = ledger();
    await all.record("aa", handout("1@x", now, 1));
    await all.record("aa", handout("2@x", now, 2));
    await all.record("aa", handout("1@x", now + 1, 3));
    expect(await all.last("aa", "1@x")).toEqual(handout("1@x", now + 1, 3));
    expect(await all.last("aa", "3@x")).toBeUndefined();
    expect(await all.last("bb", "1@x")).toBeUndefined();
  });

  test("a line that was not finished: ignored, and the next one is whole", async () => {
    const { all, now, platform, file } = ledger();
    platform.files.put(file, `${JSON.stringify(handout("1@x", now, 1))}\n{"consumer":"1@x","fing`);
    expect(await all.last("aa", "1@x")).toEqual(handout("1@x", now, 1));
    await all.record("aa", handout("1@x", now, 2));
    expect(await all.last("aa", "1@x")).toEqual(handout("1@x", now, 2));
  });

  test("no ledger at all: nobody was handed anything; garbage: the same", async () => {
    const { all, platform, file } = ledger();
    expect(await all.last("aa", "1@x")).toBeUndefined();
    platform.files.put(file, 'null\n[]\n{"consumer":1}\n\u0000\n');
    expect(await all.last("aa", "1@x")).toBeUndefined();
  });

  test("grown: compacted to the living and the recent, and still right", async () => {
    const { all, now, platform, file } = ledger();
    platform.files.put("/proc/7/stat", `7 (claude) S 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 777 0\n`);
    platform.files.put("/proc/8/stat", `8 (other) S 1 8 8 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 999 0\n`);
    await all.record("aa", handout("dead@1", now - 13 * 3_600_000));
    await all.record("aa", handout("8@888", now));
    for (let n = 0; n < 250; n += 1) await all.record("aa", handout("7@777", now + n, n));
    expect((await platform.files.facts(file))!.size).toBeLessThan(16 * 1024);
    expect(await all.last("aa", "7@777")).toEqual(handout("7@777", now + 249, 249));
    expect(platform.files.texts()[file]).not.toMatch(/dead@1|8@888/);
    expect((await platform.files.facts(file))!.mode).toBe(0o600);
  });

  test("very many living consumers: the file stays small, the newest are known", async () => {
    const { all, now, platform, file } = ledger();
    for (let n = 0; n < 600; n += 1) await all.record("aa", handout(`consumer ${n}`, now, n));
    expect((await platform.files.facts(file))!.size).toBeLessThan(17 * 1024);
    expect(await all.last("aa", "consumer 599")).toBeDefined();
  });
});

describe("notes", () => {
  test("written, read, removed; scopes and names are apart", async () => {
    const platform = fakePlatform();
    const notes = createNotes(platform, folders(platform), "sso-acme");
    await notes.write("../device", { code: "x", at: 1 });
    expect(await notes.read("../device")).toEqual({ code: "x", at: 1 });
    expect(await notes.read("device")).toBeUndefined();
    expect(await createNotes(platform, folders(platform), "sso-globex").read("../device")).toBeUndefined();
    const file = onlyFile(platform.files.texts());
    expect(file).toMatch(new RegExp(`^${STATE}/notes/[0-9a-f]{40}\\.json$`));
    expect((await platform.files.facts(file))!.mode).toBe(0o600);
    await notes.remove("../device");
    expect(await notes.read("../device")).toBeUndefined();
  });

  test("damaged: absent; folder that others may write: refused; full disk: said", async () => {
    const platform = fakePlatform();
    const notes = createNotes(platform, folders(platform), "s");
    await notes.write("n", 1);
    platform.files.put(onlyFile(platform.files.texts()), '{"version":1,"sco');
    expect(await notes.read("n")).toBeUndefined();
    platform.files.fail("writeAtomic", "ENOSPC");
    await expect(notes.write("n", 1)).rejects.toMatchObject({
      code: "INVALID_CONFIGURATION",
      message: expect.stringContaining("disk is full"),
    });
    await platform.files
      .changeMode(`${STATE}/notes`, 0o777)
      .catch(() => platform.files.put(`${STATE}/notes`, "", { kind: "folder", mode: 0o777 }));
    await expect(notes.write("n", 1)).rejects.toMatchObject({ remedy: `Run: chmod 700 ${STATE}/notes` });
  });
});

describe("remembered errors", () => {
  const error: RememberedError = { at: 5, code: "SIGN_IN_REQUIRED", message: "sign in", remedy: "Run: keyspring login" };

  test("recorded, replaced, cleared, per profile", async () => {
    const platform = fakePlatform();
    const memory = createErrorMemory(platform, folders(platform));
    await memory.record("acme", error);
    await memory.record("acme", { at: 6, code: "NETWORK", message: "no network" });
    expect(await memory.last("acme")).toEqual({ at: 6, code: "NETWORK", message: "no network" });
    expect(await memory.last("globex")).toBeUndefined();
    await memory.clear("acme");
    await memory.clear("acme");
    expect(await memory.last("acme")).toBeUndefined();
  });

  test("of a version with other codes: none", async () => {
    const platform = fakePlatform();
    const memory = createErrorMemory(platform, folders(platform));
    await memory.record("acme", error);
    const file = onlyFile(platform.files.texts());
    platform.files.put(file, platform.files.texts()[file]!.replace("SIGN_IN_REQUIRED", "NEW_CODE"));
    expect(await memory.last("acme")).toBeUndefined();
  });
});

function pending(): { platform: FakePlatform; record: PendingSignIn; all: PendingSignIns } {
  const platform = fakePlatform();
  const now = platform.clock.now();
  const record: PendingSignIn = {
    pid: 7,
    startedAt: now,
    prompt: {
      url: "https://device.sso.example/",
      urlComplete: "https://device.sso.example/?user_code=ABCD-EFGH",
      code: "ABCD-EFGH",
      expiration: new Date(now + 600_000),
    },
  };
  return { platform, record, all: createPendingSignIns(platform, folders(platform)) };
}

describe("sign-ins under way", () => {
  test("another process shows the same", async () => {
    const { platform, record, all } = pending();
    await all.write("scope", record);
    expect(await all.read("scope")).toEqual(record);
    expect(await all.read("other")).toBeUndefined();
    expect((await platform.files.facts(onlyFile(platform.files.texts())))!.mode).toBe(0o600);
    await all.remove("scope");
    expect(await all.read("scope")).toBeUndefined();
  });

  test("code expired: under way no more; without a prompt: for an hour", async () => {
    const { platform, record, all } = pending();
    await all.write("with", record);
    await all.write("without", { pid: 7, startedAt: record.startedAt });
    await platform.clock.advance(600_000);
    expect([await all.read("with"), (await all.read("without"))?.pid]).toEqual([undefined, 7]);
    await platform.clock.advance(3_000_000);
    expect(await all.read("without")).toBeUndefined();
  });

  test("ended well: when", async () => {
    const { record, all } = pending();
    const ended = { pid: 7, startedAt: record.startedAt, signedInAt: record.startedAt + 1 };
    await all.write("scope", ended);
    expect(await all.read("scope")).toEqual(ended);
  });

  test("failed: how, also after its code expired", async () => {
    const { platform, record, all } = pending();
    const failed = { at: 1, code: "NETWORK", message: "no network", remedy: "Try again." } as const;
    await all.write("scope", { ...record, failed });
    await platform.clock.advance(600_000);
    expect((await all.read("scope"))?.failed).toEqual(failed);
  });

  test.each(["javascript:alert(1)", "file:///etc/passwd", "not a url"])(
    "address that is none for a browser: no sign-in (%s)",
    async (url) => {
      const { record, all } = pending();
      await all.write("scope", { ...record, prompt: { url } });
      expect(await all.read("scope")).toBeUndefined();
    },
  );
});

describe("state folder that others may write", () => {
  const record: PendingSignIn = { pid: 7, startedAt: 1 };

  // There, a link that somebody else put in the place of a record would be followed.
  test.each<[string, (platform: FakePlatform) => Promise<void>]>([
    ["errors", (it) => createErrorMemory(it, folders(it)).record("acme", { at: 1, code: "NETWORK", message: "no" })],
    ["handouts", (it) => createHandoutLedger(it, folders(it)).record("aa", handout("1@x", 1))],
    ["sign-ins", (it) => createPendingSignIns(it, folders(it)).write("scope", record)],
  ])("%s: refused, nothing written", async (_, write) => {
    const platform = fakePlatform();
    platform.files.put(STATE, "", { kind: "folder", mode: 0o777 });
    await expect(write(platform)).rejects.toMatchObject({ code: "INVALID_CONFIGURATION", remedy: `Run: chmod 700 ${STATE}` });
    expect(Object.keys(platform.files.texts())).toEqual([]);
  });
});
