import { createRedactor, type RunResult } from "@keyspring/core";
import type { Finding } from "./types.ts";

/** A question to a person, or the traces of one that found no terminal. */
const QUESTION =
  /(?:pass(?:word|code|phrase)|mfa|otp|one-time|verification|user ?name|token code|enter\b[^\n]*|code)[^\n]{0,60}[:?]\s*$|EOFError|EOF when reading|inappropriate ioctl|not a tty|no tty|\/dev\/tty/i;

/** Why a run gave nothing to read; empty if it ended well. */
export function judgeFailure(result: RunResult, deadline: number): Finding[] {
  const { outcome, exitCode, stdout, stderr } = result;
  const asks = QUESTION.test(stdout.trimEnd()) || QUESTION.test(stderr.trimEnd());
  switch (outcome) {
    case "timed-out":
    case "cancelled":
      return [asks ? asking() : hanging(deadline)];
    case "too-much-output":
      return [
        error(
          "floods",
          "the command printed more than 1 MiB",
          "Credentials fit in one line.",
          "Have it print the credentials and nothing else.",
        ),
      ];
    case "not-found":
    case "not-executable":
      return [
        error(
          "not-started",
          "the shell could not be started",
          "Claude Code runs the command through it.",
          "Check that /bin/sh (cmd.exe on Windows) works.",
        ),
      ];
    case "exited":
      if (exitCode === 0) return [];
      return [asks ? asking() : failing(result)];
  }
  return [];
}

function hanging(deadline: number): Finding {
  return {
    ...error(
      "hangs",
      `the command had not ended after ${deadline / 1000} s`,
      "Claude Code has no deadline for it: every session would stand still for as long.",
      "Use --wrap: Keyspring runs it with a deadline and keeps what it gave.",
    ),
    wrapCures: true,
  };
}

function asking(): Finding {
  return {
    ...error(
      "asks",
      "the command asks a question",
      "Under Claude Code nobody can answer: what it prints is not shown, and what is typed does not reach it.",
      "Use --wrap: Keyspring asks once, in a terminal of yours, and keeps what it gave.",
    ),
    wrapCures: true,
  };
}

function failing({ exitCode, signal, stderr }: RunResult): Finding {
  const last = createRedactor()
    .redact(stderr)
    .split("\n")
    .map((line) => line.trim())
    .findLast((line) => line !== "");
  const said = last === undefined ? "" : `: ${last.slice(0, 160)}`;
  return error(
    "fails",
    exitCode === undefined
      ? `the command was ended by ${signal ?? "a signal"}${said}`
      : `the command ended with exit code ${exitCode}${said}`,
    "Claude Code would silently go on with whatever other AWS identity this computer has.",
    "Run it in this terminal until it works (sign in first if it needs that), then apply again.",
  );
}

function error(code: string, what: string, why: string, remedy: string): Finding {
  return { severity: "error", code, what, why, remedy };
}
