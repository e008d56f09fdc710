import { expect, test } from "vitest";
import { formatAwsTime, parseAwsTime } from "./aws-time.ts";

const noon = Date.parse("2026-01-02T12:00:00Z");

test.each([
  "2026-01-02T12:00:00Z",
  "2026-01-02T12:00:00UTC",
  "2026-01-02T12:00:00.000Z",
  "2026-01-02T12:00:00+00:00",
  "2026-01-02T14:00:00+0200",
  "2026-01-02T12:00:00",
])("%s is noon", (text) => {
  expect(parseAwsTime(text)).toBe(noon);
});

test.each(["", "tomorrow", "2026-01-02", "2026-13-02T12:00:00Z", 1767355200, null, undefined])("%s is no time", (value) => {
  expect(parseAwsTime(value)).toBeUndefined();
});

test("written in whole seconds, as the AWS CLI does", () => {
  expect(formatAwsTime(noon + 999)).toBe("2026-01-02T12:00:00Z");
});
