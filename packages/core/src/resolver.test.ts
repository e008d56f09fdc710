import { describe, expect, it } from "vitest";
import { CredentialError, signInRequired } from "./errors.ts";
import type { AwsCredentialIdentity } from "./identity.ts";
import { silentLog } from "./log.ts";
import { createResolver, type Resolver, type Target } from "./resolver.ts";
import type { CredentialRequest } from "./source.ts";
import type { CredentialStore, Handout, HandoutLedger, StoredCredentials } from "./store.ts";
import { fakeIdentity, fakePlatform, type FakePlatform } from "./testing/index.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface House {
  platform: FakePlatform;
  resolver: Resolver;
  target: Target;
  entries: Map<string, StoredCredentials>;
  calls: CredentialRequest[];
  secrets: string[];
  /** Replaces what the source does next. */
  provide: (request: CredentialRequest) => Promise<AwsCredentialIdentity>;
  failWrites: boolean;
  /** The ledger is what cannot be read or written. */
  failLedger: boolean;
}

function house(life: number = HOUR): House {
  const platform = fakePlatform();
  const entries = new Map<string, StoredCredentials>();
  const handouts: (Handout & { key: string })[] = [];
  const store: CredentialStore = {
    read: async (key) => entries.get(key),
    write: async (key, entry) => {
      if (self.failWrites) throw Object.assign(new Error("no space"), { code: "ENOSPC" });
      entries.set(key, entry);
    },
    remove: async (key) => void entries.delete(key),
  };
  const failIfTold = (): void => {
    if (self.failLedger) throw Object.assign(new Error("no space"), { code: "ENOSPC" });
  };
  const ledger: HandoutLedger = {
    last: async (key, consumer) => {
      failIfTold();
      return handouts.findLast((handout) => handout.key === key && handout.consumer === consumer);
    },
    record: async (key, handout) => {
      failIfTold();
      handouts.push({ key, ...handout });
    },
  };
  let minted = 0;
  const self: House = {
    platform,
    entries,
    calls: [],
    secrets: [],
    failWrites: false,
    failLedger: false,
    provide: async () => fakeIdentity(new Date(platform.clock.now() + life), (minted += 1)),
    target: {
      profile: "acme",
      sourceId: "fake",
      key: "k",
      source: {
        provide: async (request) => {
          self.calls.push(request);
          return self.provide(request);
        },
      },
    },
    resolver: createResolver({
      platform,
      store,
      ledger,
      log: silentLog,
      lockFile: (key) => `/locks/${key}`,
      keepSecret: (value) => void (value !== undefined && self.secrets.push(value)),
    }),
  };
  return self;
}

const signal = new AbortController().signal;
const claude = { id: "100@1", burst: 0, asksBelow: 6 * MINUTE };

describe("resolver", () => {
  it("empty store: asks the source and keeps the answer", async () => {
    const { resolver, target, calls, entries, secrets } = house();
    const entry = await resolver.resolve(target, { signal });
    expect(calls.map(({ reason }) => reason)).toEqual(["absent"]);
    expect(entries.get("k")).toEqual(entry);
    expect(secrets).toContain(entry.identity.secretAccessKey);
  });

  it("warm store: does not ask the source", async () => {
    const { resolver, target, calls } = house();
    const first = await resolver.resolve(target, { signal });
    expect(await resolver.resolve(target, { signal })).toEqual(first);
    expect(calls).toHaveLength(1);
  });

  it("20 callers at once on an empty store: one call, one answer", async () => {
    const { resolver, target, calls } = house();
    const answers = await Promise.all(Array.from({ length: 20 }, () => resolver.resolve(target, { signal })));
    expect(calls).toHaveLength(1);
    expect(new Set(answers.map(({ identity }) => identity.accessKeyId)).size).toBe(1);
  });

  it("less than 20 minutes left: asks the source again", async () => {
    const { resolver, target, calls, platform } = house();
    await resolver.resolve(target, { signal });
    await platform.clock.advance(40 * MINUTE + 1);
    await resolver.resolve(target, { signal });
    expect(calls.map(({ reason }) => reason)).toEqual(["absent", "expiring"]);
  });

  it("10-minute credentials: never handed out with less than the 6 minutes that Claude Code needs", async () => {
    const { resolver, target, platform } = house(10 * MINUTE);
    for (let minute = 0; minute < 30; minute += 1) {
      const { identity } = await resolver.resolve(target, { signal });
      expect(identity.expiration!.getTime() - platform.clock.now()).toBeGreaterThan(6 * MINUTE);
      await platform.clock.advance(MINUTE);
    }
  });

  it("the handout cannot be noted: the credentials are handed out all the same", async () => {
    const world = house();
    world.failLedger = true;
    const first = await world.resolver.resolve(world.target, { signal, consumer: claude });
    expect(await world.resolver.resolve(world.target, { signal, consumer: claude })).toEqual(first);
    expect(world.calls).toHaveLength(1);
  });

  it("source hangs until the deadline, credentials still valid: serves the last good ones", async () => {
    const world = house();
    const first = await world.resolver.resolve(world.target, { signal });
    await world.platform.clock.advance(50 * MINUTE);
    world.provide = ({ signal: given }) =>
      new Promise((_, reject) => given.addEventListener("abort", () => reject(given.reason as Error)));
    const holder = world.resolver.resolve(world.target, { signal: world.platform.clock.deadline(15_000).signal });
    const waiter = world.resolver.resolve(world.target, { signal: world.platform.clock.deadline(15_000).signal });
    await world.platform.clock.advance(15_000);
    expect(await Promise.all([holder, waiter])).toEqual([first, first]);
  });

  it("source hangs, the person interrupts: nothing is handed out", async () => {
    const world = house();
    await world.resolver.resolve(world.target, { signal });
    await world.platform.clock.advance(50 * MINUTE);
    world.provide = ({ signal: given }) =>
      new Promise((_, reject) => given.addEventListener("abort", () => reject(given.reason as Error)));
    const interruption = new AbortController();
    const asked = world.resolver.resolve(world.target, { signal: interruption.signal });
    await world.platform.clock.advance(1_000);
    interruption.abort(new CredentialError("CANCELLED", "interrupted"));
    await expect(asked).rejects.toMatchObject({ code: "CANCELLED" });
  });

  it("source down, credentials still valid: serves the last good ones", async () => {
    const world = house();
    const first = await world.resolver.resolve(world.target, { signal });
    await world.platform.clock.advance(50 * MINUTE);
    world.provide = async () => Promise.reject(new CredentialError("NETWORK", "no route", { remedy: "Check the network." }));
    expect(await world.resolver.resolve(world.target, { signal })).toEqual(first);
    await expect(world.resolver.resolve(world.target, { signal, freshOnly: true })).rejects.toMatchObject({ code: "NETWORK" });
  });

  it("source down, credentials expired: fails with the source's error", async () => {
    const world = house();
    await world.resolver.resolve(world.target, { signal });
    await world.platform.clock.advance(61 * MINUTE);
    world.provide = async () => Promise.reject(signInRequired("acme", "the session ended"));
    await expect(world.resolver.resolve(world.target, { signal })).rejects.toMatchObject({ code: "SIGN_IN_REQUIRED" });
  });

  it("clock stepped back by two hours: what looks valid for three hours is still not served beyond its whole life", async () => {
    const world = house();
    await world.resolver.resolve(world.target, { signal });
    world.platform.clock.step(-2 * HOUR);
    const { identity } = await world.resolver.resolve(world.target, { signal });
    expect(identity.expiration!.getTime() - world.platform.clock.now()).toBeLessThanOrEqual(HOUR);
  });

  it("full disk: good credentials are handed out all the same", async () => {
    const world = house();
    world.failWrites = true;
    expect((await world.resolver.resolve(world.target, { signal })).identity.accessKeyId).toMatch(/^ASIA/);
  });

  it("source names no end: one hour is assumed, so that no consumer keeps them for ever", async () => {
    const world = house();
    const { expiration: _, ...endless } = fakeIdentity(new Date());
    world.provide = async () => endless;
    const { identity } = await world.resolver.resolve(world.target, { signal });
    expect(identity.expiration!.getTime() - world.platform.clock.now()).toBe(HOUR);
  });

  it("source answers expired credentials: refused", async () => {
    const world = house(-MINUTE);
    await expect(world.resolver.resolve(world.target, { signal })).rejects.toMatchObject({ code: "INVALID_OUTPUT" });
    expect(world.entries.size).toBe(0);
  });
});

describe("resolver, AWS refused what a consumer holds", () => {
  it("the same consumer asks again at once: new credentials", async () => {
    const { resolver, target, calls, platform } = house();
    const first = await resolver.resolve(target, { signal, consumer: claude });
    await platform.clock.advance(600);
    const second = await resolver.resolve(target, { signal, consumer: claude });
    expect(second.identity.accessKeyId).not.toBe(first.identity.accessKeyId);
    expect(calls.map(({ reason }) => reason)).toEqual(["absent", "rejected"]);
  });

  it("another consumer then asks again too: gets the new ones without another call", async () => {
    const { resolver, target, calls, platform } = house();
    const other = { id: "200@2", burst: 0, asksBelow: 6 * MINUTE };
    await resolver.resolve(target, { signal, consumer: claude });
    await resolver.resolve(target, { signal, consumer: other });
    await platform.clock.advance(600);
    const second = await resolver.resolve(target, { signal, consumer: claude });
    const third = await resolver.resolve(target, { signal, consumer: other });
    expect(third).toEqual(second);
    expect(calls).toHaveLength(2);
  });

  it("every mint is refused: the pauses grow, AWS is not stormed", async () => {
    const { resolver, target, calls, platform } = house();
    for (const pause of [600, 1200, 2400, 4100, 8700, 20_000, 36_000, 36_000, 36_000]) {
      await resolver.resolve(target, { signal, consumer: claude });
      await platform.clock.advance(pause);
    }
    expect(calls.length).toBeGreaterThan(2);
    expect(calls.length).toBeLessThanOrEqual(6);
  });

  it("credential_process run six times at one start: one call", async () => {
    const { resolver, target, calls, platform } = house();
    for (let run = 0; run < 6; run += 1) {
      await resolver.resolve(target, { signal, consumer: { id: "300@3", burst: 5000, asksBelow: 15 * MINUTE } });
      await platform.clock.advance(300);
    }
    expect(calls).toHaveLength(1);
    await platform.clock.advance(10_000);
    await resolver.resolve(target, { signal, consumer: { id: "300@3", burst: 5000, asksBelow: 15 * MINUTE } });
    expect(calls).toHaveLength(2);
  });

  it("the last minutes: asking again is no refusal", async () => {
    const { resolver, target, calls, platform } = house(7 * MINUTE);
    await resolver.resolve(target, { signal, consumer: claude });
    await platform.clock.advance(MINUTE + 1000);
    await resolver.resolve(target, { signal, consumer: claude });
    expect(calls).toHaveLength(1);
  });

  it("refused, and the session has ended too: the refused ones are forgotten, so that a refresh signs in", async () => {
    const world = house();
    await world.resolver.resolve(world.target, { signal, consumer: claude });
    await world.platform.clock.advance(600);
    world.provide = async () => Promise.reject(signInRequired("acme", "the session ended"));
    await expect(world.resolver.resolve(world.target, { signal, consumer: claude })).rejects.toMatchObject({
      code: "SIGN_IN_REQUIRED",
    });
    expect(world.entries.size).toBe(0);
  });
});
