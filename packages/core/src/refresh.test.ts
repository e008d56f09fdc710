import { expect, test } from "vitest";
import { ENOUGH_LIFE, isFreshEnough, isUsable } from "./refresh.ts";
import { fakeIdentity } from "./testing/index.ts";

const MINUTE = 60_000;

test.each([
  ["an hour's, 21 minutes left", 60, 21, true],
  ["an hour's, 19 minutes left", 60, 19, false],
  ["12 hours', 21 minutes left", 720, 21, true],
  ["15 minutes', new", 15, 15, true],
  ["15 minutes', 10 left", 15, 10, true],
  ["15 minutes', 9 left", 15, 9, false],
  ["10 minutes', 6 left", 10, 6, false],
  ["an hour's, clock set back by two", 60, 180, false],
  ["1 minute's, new", 1, 1, true],
  ["1 minute's, 15 s left", 1, 0.25, false],
  ["expired", 60, -1, false],
])("%s", (_, whole, left, fresh) => {
  const identity = fakeIdentity(new Date(whole * MINUTE));
  expect(isFreshEnough(identity, 0, (whole - left) * MINUTE)).toBe(fresh);
});

test("long-term keys are always fresh", () => {
  const keys = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "x" };
  expect(isFreshEnough(keys, 0, Number.MAX_SAFE_INTEGER)).toBe(true);
  expect(isUsable(keys, Number.MAX_SAFE_INTEGER)).toBe(true);
});

test("usable until the last moment", () => {
  const identity = fakeIdentity(new Date(ENOUGH_LIFE));
  expect(isUsable(identity, ENOUGH_LIFE - 11_000)).toBe(true);
  expect(isUsable(identity, ENOUGH_LIFE - 10_000)).toBe(false);
});
