import { expect, test } from "vitest";
import { CredentialError, ERROR_CATALOGUE, exitCodeOf, isCredentialError, signInRequired, sourceFailed } from "./errors.ts";

test("each code's exit code is one of the documented", () => {
  for (const { exitCode } of Object.values(ERROR_CATALOGUE)) expect([1, 2, 3, 4, 5, 6, 7, 130]).toContain(exitCode);
});

test("an error of another copy of this package is recognised", () => {
  const foreign = Object.assign(new Error("x"), { brand: "keyspring.CredentialError", code: "TIMED_OUT" });
  expect(isCredentialError(foreign)).toBe(true);
  expect(exitCodeOf(foreign)).toBe(6);
});

test.each([new Error("x"), "x", undefined, { brand: "keyspring.CredentialError", code: "TIMED_OUT" }])(
  "%s is a defect",
  (thrown) => {
    expect(isCredentialError(thrown)).toBe(false);
    expect(exitCodeOf(thrown)).toBe(1);
  },
);

test("the remedy names the command, the cause is kept", () => {
  const cause = new Error("x");
  expect(signInRequired("acme-dev", "the session ended", cause)).toMatchObject({
    code: "SIGN_IN_REQUIRED",
    message: "the session ended",
    remedy: "Run: keyspring login --profile acme-dev",
    cause,
  });
  expect(sourceFailed("no").remedy).toContain("keyspring status");
  expect("cause" in new CredentialError("CANCELLED", "stopped")).toBe(false);
});
