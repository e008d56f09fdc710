import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { CLAUDE_CODE, claudeCodeBinary } from "../lib/claude-binary.ts";
import { expectFailure } from "../lib/expect.ts";
import { KEYSPRING, NODE } from "../lib/house.ts";
import { describeWith, missingProgram } from "../lib/needs.ts";
import { run } from "../lib/process.ts";
import { openTerminal } from "../lib/tmux.ts";

interface Newcomer {
  readonly env: Record<string, string>;
  readonly home: string;
  /** What is left in the home and the temporary folder. */
  readonly left: () => string[];
}

/** Somebody with an empty home, Node, and nothing else. */
function newcomer(more: Record<string, string> = {}): Newcomer {
  const base = mkdtempSync(join(tmpdir(), "keyspring-newcomer-"));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const [home, tmp] = [join(base, "home"), join(base, "tmp")];
  for (const folder of [home, tmp]) mkdirSync(folder);
  const env = { PATH: [dirname(NODE), "/usr/bin", "/bin"].join(":"), HOME: home, TMPDIR: tmp, LANG: "C.UTF-8", ...more };
  return { env, home, left: () => [...readdirSync(home), ...readdirSync(tmp)] };
}

/** Keys and tokens of the simulated AWS are long; what the demo shows of them is short. */
function expectNoSecrets(output: string): void {
  expect(output).not.toMatch(/[A-Za-z0-9+=]{33,}/);
  expect(output).not.toMatch(/"(?:SecretAccessKey|SessionToken)":"(?!\[redacted\])[^"]{7,}"/);
}

const CHAPTERS = [
  "1. Nobody is signed in",
  "2. Signing in",
  "3. The next session",
  "4. An hour later",
  "5. Credentials that live for one minute",
  "6. Revoked in mid-session",
  "7. Another organization, another way in",
  "8. Claude Code's settings",
];

describe("keyspring demo, for somebody with an empty home", () => {
  for (const [name, node] of [
    ["people's Node", NODE],
    ["the newest Node", process.execPath],
  ] as const) {
    it(`${name}: every chapter is shown and checked, nothing is left, no secret is printed`, async () => {
      const { env, left } = newcomer();
      const { exitCode, stdout, stderr } = await run(node, [KEYSPRING, "demo"], { env, timeout: 110_000 });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(stdout.split("\n").filter((line) => /^\d+\. /.test(line))).toEqual(CHAPTERS);
      expect(stdout.match(/✔/g)).toHaveLength(CHAPTERS.length);
      expectNoSecrets(stdout);
      expect(left()).toEqual([]);
    });
  }

  it("somebody's own AWS set-up around: the demo neither reads nor shows it", async () => {
    const { env, left } = newcomer({
      AWS_PROFILE: "mine",
      AWS_ACCESS_KEY_ID: "AKIAMINE000000000000",
      AWS_SECRET_ACCESS_KEY: "mine",
      AWS_CONFIG_FILE: "/nowhere/config",
      KEYSPRING_PROFILE: "mine",
      NODE_OPTIONS: "--max-old-space-size=512",
    });
    const { exitCode, stdout } = await run(NODE, [KEYSPRING, "demo"], { env, timeout: 110_000 });
    expect(exitCode).toBe(0);
    expect(stdout).not.toMatch(/mine|nowhere/i);
    expect(left()).toEqual([]);
  });

  it("--keep without a terminal: refused before anything begins", async () => {
    const { env, left } = newcomer();
    expectFailure(await run(NODE, [KEYSPRING, "demo", "--keep"], { env }), 2, /Run it in a terminal/);
    expect(left()).toEqual([]);
  });

  it("--claude where there is none: refused before anything begins", async () => {
    const { env, left } = newcomer({ PATH: dirname(NODE) });
    expectFailure(await run(NODE, [KEYSPRING, "demo", "--claude"], { env }), 2, /npm install -g @anthropic-ai\/claude-code/);
    expect(left()).toEqual([]);
  });
});

describeWith("keyspring demo --keep, in a terminal", missingProgram("tmux", "-V"), () => {
  it("a shell in which a person can sign in and use the credentials; exit leaves nothing", async () => {
    const { env, home, left } = newcomer({ TERM: "xterm-256color", SHELL: "/bin/bash" });
    const terminal = openTerminal(NODE, [KEYSPRING, "demo", "--keep"], { env, cwd: home });
    await terminal.shows("Leave it with: exit");
    await terminal.type("keyspring export >/dev/null; echo code $?");
    await terminal.shows("code 3");
    await terminal.type("keyspring login && keyspring status");
    await terminal.shows(/acme +sso +123456789012 +BedrockUser +fresh/);
    await terminal.type("keyspring exec --profile globex -- sh -c 'echo $AWS_ACCESS_KEY_ID | cut -c 1-4'");
    await terminal.shows(/^ASIA$/m);
    await terminal.type("exit");
    expect(await terminal.ended()).toBe(0);
    expectNoSecrets(terminal.history());
    expect(left().filter((name) => name !== ".bash_history")).toEqual([]);
  });
});

const noClaude =
  process.env["KEYSPRING_TEST_NAMESPACE"] !== "1"
    ? "no network namespace, and Claude Code may not reach the network"
    : claudeCodeBinary(CLAUDE_CODE) === undefined
      ? "Claude Code is not here; get it with: npm run fetch:claude-code"
      : undefined;

describeWith("keyspring demo --claude", noClaude, () => {
  it("the real Claude Code answers in every chapter, signed in by its own refresh", async () => {
    const { env, left } = newcomer({ KEYSPRING_CLAUDE_BIN: claudeCodeBinary(CLAUDE_CODE)! });
    const { exitCode, stdout, stderr } = await run(NODE, [KEYSPRING, "demo", "--claude"], { env, timeout: 115_000 });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout.match(/Bedrock was asked by arn:aws:sts::(\d+):/g)).toEqual([
      ...Array.from({ length: 3 }, () => "Bedrock was asked by arn:aws:sts::123456789012:"),
      "Bedrock was asked by arn:aws:sts::444455556666:",
    ]);
    expectNoSecrets(stdout);
    expect(left()).toEqual([]);
  });
});
