import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createRateLimits } from "./rate-limits.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});

afterEach(() => {
  vi.useRealTimers();
});

test("a burst, then as many as flow in, never more than the burst", () => {
  const limits = createRateLimits();
  limits.set([{ service: "sso", perSecond: 2, burst: 3 }]);
  const admitted = (): boolean[] => Array.from({ length: 4 }, () => limits.admit("sso", "ListAccounts"));
  expect(admitted()).toEqual([true, true, true, false]);
  vi.advanceTimersByTime(500);
  expect(admitted()).toEqual([true, false, false, false]);
  vi.advanceTimersByTime(60_000);
  expect(admitted()).toEqual([true, true, true, false]);
});

test("one operation's limit leaves the others alone", () => {
  const limits = createRateLimits();
  limits.set([{ service: "sso", operation: "GetRoleCredentials", perSecond: 0, burst: 0 }]);
  expect(limits.admit("sso", "GetRoleCredentials")).toBe(false);
  expect(limits.admit("sso", "ListAccounts")).toBe(true);
  expect(limits.admit("sts", "GetRoleCredentials")).toBe(true);
});
