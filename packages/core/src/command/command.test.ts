import { expect, test } from "vitest";
import { CredentialError } from "../errors.ts";
import type { RunResult } from "../platform.ts";
import { shownLine, shownTail } from "../terminal-text.ts";
import { fakePlatform } from "../testing/index.ts";
import { childEnvironment, commandFailure } from "./index.ts";

const env = { PATH: "/bin", AWS_PROFILE: "other", AWS_REGION: "eu-west-1", KEYSPRING_PROFILE: "outer" };
const context = { platform: fakePlatform({ env }), profile: "acme", chain: ["outer", "acme"] };

test("a child gets the user's environment without anything that leads to credentials", () => {
  expect(childEnvironment(context)).toEqual({
    PATH: "/bin",
    AWS_REGION: "eu-west-1",
    KEYSPRING_PROFILE: "acme",
    KEYSPRING_PROFILE_CHAIN: "outer,acme",
  });
});

test("unless they are wanted, one by one or all", () => {
  expect(childEnvironment(context, { own: { AWS_PROFILE: "base" } })).toMatchObject({
    AWS_PROFILE: "base",
    KEYSPRING_PROFILE: "acme",
  });
  expect(childEnvironment(context, { inheritCredentials: true })).toMatchObject({ AWS_PROFILE: "other" });
});

const facts = {
  what: "the command /x",
  timeout: 20_000,
  outputLimit: 1024,
  signal: new AbortController().signal,
  where: "there",
};
const ended = (result: Partial<RunResult>): RunResult => ({
  outcome: "exited",
  exitCode: undefined,
  signal: undefined,
  stdout: "",
  stderr: "",
  ...result,
});

test.each<[Partial<RunResult>, string, string]>([
  [{ exitCode: 4 }, "SOURCE_FAILED", "the command /x failed with exit code 4 and said nothing"],
  [
    { exitCode: 4, stderr: "a\n\u001b[31mno: password=x1\u001b[0m\r\n\n" },
    "SOURCE_FAILED",
    "the command /x failed with exit code 4: no: password=[redacted]",
  ],
  [
    { exitCode: 3, stderr: "hm\nkeyspring: nobody is signed in\nRun: keyspring login\n" },
    "SOURCE_FAILED",
    "the command /x failed with exit code 3: nobody is signed in",
  ],
  [{ signal: "SIGSEGV" }, "SOURCE_FAILED", "the command /x was ended by SIGSEGV and said nothing"],
  [{ outcome: "timed-out" }, "TIMED_OUT", "the command /x did not end within 20 s"],
  [{ outcome: "too-much-output" }, "INVALID_OUTPUT", "the command /x printed more than 1024 bytes"],
  [{ outcome: "not-found" }, "INVALID_CONFIGURATION", "the command /x was not found"],
  [{ outcome: "not-executable" }, "INVALID_CONFIGURATION", "the command /x cannot be run by the system"],
  [{ outcome: "cancelled" }, "CANCELLED", "it was interrupted"],
])("%j", (result, code, message) => {
  expect(commandFailure(ended(result), facts)).toMatchObject({ code, message });
});

test("ended well", () => {
  expect(commandFailure(ended({ exitCode: 0 }), facts)).toBeUndefined();
});

test("cancelled by a deadline of somebody else's: says what was waited for", () => {
  const late = new CredentialError("TIMED_OUT", "nothing came within 15 s", { remedy: "Try again." });
  expect(commandFailure(ended({ outcome: "cancelled" }), { ...facts, signal: AbortSignal.abort(late) })).toMatchObject({
    code: "TIMED_OUT",
    message: "the command /x did not end: nothing came within 15 s",
    remedy: expect.stringContaining("by hand"),
  });
});

test("a line fit to be shown", () => {
  expect(shownLine("\u001b]0;title\u0007\u001b[1mhi\u001b[0m\tthere\u0007\u202e  x ")).toBe("hi there x");
  expect(shownLine("x y ".repeat(200))).toHaveLength(300);
  expect(shownTail("1\n2\r\n\n3\r4\n", 2)).toEqual(["3", "4"]);
});
