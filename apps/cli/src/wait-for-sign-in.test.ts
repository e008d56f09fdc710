import { fakePlatform } from "@keyspring/core/testing";
import { expect, test } from "vitest";
import type { Errand } from "./obtain.ts";
import { signInLockFile } from "./sign-in-lock.ts";
import type { Services } from "./services.ts";
import { waitForSignIn } from "./wait-for-sign-in.ts";

const errand = { target: { key: "k", source: {} } } as unknown as Errand;

function machine() {
  const platform = fakePlatform();
  const interruption = new AbortController();
  const services = { platform, folders: { state: "/state" }, interrupted: interruption.signal } as unknown as Services;
  return { platform, services, interruption, lockFile: signInLockFile(services, "k") };
}

test("nobody signs in: not waited for", async () => {
  expect(await waitForSignIn(machine().services, errand)).toBe(false);
});

test("somebody signs in: waited for until that ends", async () => {
  const { platform, services, lockFile } = machine();
  const lock = await platform.locks.tryAcquire(lockFile);
  let ended: boolean | undefined;
  const waiting = waitForSignIn(services, errand).then((result) => (ended = result));
  await platform.clock.advance(60_000);
  expect(ended).toBeUndefined();
  await lock!.release();
  await platform.clock.advance(1000);
  expect(await waiting).toBe(true);
});

test("somebody signs in and never ends: given up after ten minutes", async () => {
  const { platform, services, lockFile } = machine();
  await platform.locks.tryAcquire(lockFile);
  const waiting = waitForSignIn(services, errand);
  await platform.clock.advance(11 * 60_000);
  expect(await waiting).toBe(false);
});

test("interrupted: ends at once with the reason", async () => {
  const { platform, services, interruption, lockFile } = machine();
  await platform.locks.tryAcquire(lockFile);
  const waiting = waitForSignIn(services, errand);
  const failure = expect(waiting).rejects.toThrow("stop");
  await platform.clock.advance(500);
  interruption.abort(new Error("stop"));
  await failure;
});
