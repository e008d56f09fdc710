import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatDuration, parseDuration } from "./duration.ts";

test.each([
  ["20s", 20_000],
  ["250ms", 250],
  ["1h30m", 5_400_000],
  ["1h 30m", 5_400_000],
  [" 2 m ", 120_000],
  ["1.5s", 1500],
  ["0s", 0],
  ["1d", 86_400_000],
])("%j is a duration", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each(["", " ", "20", "s", "-5s", "5 apples", "1m30", "1e3s", "5m s", "٣s", `${"9".repeat(400)}d`])(
  "%j is none",
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

test("any text gives a finite number or nothing", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\d. mshd]+$/)), (text) => {
      const value = parseDuration(text);
      expect(value === undefined || (Number.isFinite(value) && value >= 0)).toBe(true);
    }),
  );
});

test.each([
  [-5, "0 s"],
  [59_999, "59 s"],
  [60_000, "1 min"],
  [3_600_000, "1 h"],
  [3_840_000, "1 h 4 min"],
  [172_800_000, "2 d"],
])("%d ms for people: %s", (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});
