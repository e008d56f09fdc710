import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";
import { expect } from "vitest";
import type { LoggedRequest } from "@keyspring/aws-simulator";
import { CLAUDE_CODE, claudeCodeBinary } from "./claude-binary.ts";
import { house, KEYSPRING, NODE, type House, type HouseOptions } from "./house.ts";
import { describeWith, missingProgram } from "./needs.ts";
import type { Finished, StartOptions } from "./process.ts";
import { openTerminal, type Terminal } from "./tmux.ts";

/** A house in which the real Claude Code runs, with the settings that `keyspring settings apply` wrote. */
export interface ClaudeHouse extends House {
  /** A folder that Claude Code trusts; where it runs. */
  readonly project: string;
  /** The whole environment of Claude Code. */
  readonly claudeEnv: Readonly<Record<string, string>>;
  /** `keyspring settings apply …`. */
  apply(...flags: string[]): Promise<void>;
  settings(): { readonly awsCredentialExport: string; readonly awsAuthRefresh?: string };
  /** `claude -p` without a terminal. */
  ask(prompt: string, options?: AskOptions): Promise<Finished>;
  /** Claude Code in a terminal: its own interface, or with `-p` in `args` its answer. */
  session(args?: readonly string[], options?: SessionOptions): Terminal;
  /** The Keyspring commands that Claude Code ran, oldest first, by their first words: `export`, `refresh`, `claude-hook prompt`. */
  runs(): readonly KeyspringRun[];
  /** What reached Bedrock, whoever sent it. */
  bedrock(): Promise<readonly LoggedRequest[]>;
}

export interface KeyspringRun {
  readonly command: string;
  readonly ended: boolean;
}

export interface AskOptions extends SessionOptions, Partial<Pick<StartOptions, "timeout" | "stdin">> {
  readonly args?: readonly string[];
}

export interface SessionOptions {
  /** Over the house's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the pinned version. */
  readonly binary?: string;
}

/** As in a shell's pipeline or a CI job: Node alone would give it sockets, which nobody else can open by their name. */
const THROUGH_PIPES = '"$@" > >(cat) 2> >(cat >&2)';

/** Loaded by Node before each program that Claude Code runs on it. */
const RECORDER = `const { appendFileSync } = require("node:fs");
const words = process.argv.slice(2).filter((word) => !word.startsWith("-"));
const command = words[0] === "claude-hook" ? words.slice(0, 2).join(" ") : words[0];
if ((process.argv[1] ?? "").endsWith("keyspring.cjs")) {
  const record = (ended) => appendFileSync(__dirname + "/runs.jsonl", JSON.stringify({ pid: process.pid, command, ended }) + "\\n");
  record(false);
  process.on("exit", () => record(true));
}
`;

const MISSING = whatIsMissing();

/** Tests that need the real Claude Code. */
export function describeClaudeCode(name: string, tests: () => void, alsoMissing?: string): void {
  describeWith(name, MISSING ?? alsoMissing, tests);
}

function whatIsMissing(): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return "the pinned Claude Code is for Linux x64";
  if (process.env["KEYSPRING_TEST_NAMESPACE"] !== "1") return "no network namespace, and it may not reach the network";
  if (claudeCodeBinary(CLAUDE_CODE) === undefined) return "Claude Code is not here; get it with: npm run fetch:claude-code";
  return missingProgram("tmux", "-V");
}

export async function claudeHouse(options: HouseOptions = {}): Promise<ClaudeHouse> {
  const base = await house(options);
  const { home, simulator } = base;
  const project = base.path("project");
  const bin = base.path("bin");
  for (const folder of [project, bin, base.path("tmp")]) mkdirSync(folder, { recursive: true });
  symlinkSync(KEYSPRING, base.path("bin/keyspring"));
  const recorder = base.write("recorder/recorder.cjs", RECORDER);
  base.write(".claude.json", JSON.stringify(seed(project)));
  const claudeEnv: Record<string, string> = {
    PATH: [bin, dirname(NODE), "/usr/local/bin", "/usr/bin", "/bin"].join(":"),
    HOME: home,
    TMPDIR: base.path("tmp"),
    TERM: "xterm-256color",
    LANG: "C.UTF-8",
    KEYSPRING_NO_BROWSER: "1",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_AUTOUPDATER: "1",
    NODE_OPTIONS: `--require=${recorder}`,
    AWS_EC2_METADATA_DISABLED: "true",
    ...simulator.environment,
    ...options.env,
  };
  return {
    ...base,
    project,
    claudeEnv,
    async apply(...flags) {
      expect(await base.keyspring("settings", "apply", "--yes", ...flags)).toMatchObject({ exitCode: 0 });
    },
    settings: () => JSON.parse(readFileSync(base.path(".claude/settings.json"), "utf8")) as ReturnType<ClaudeHouse["settings"]>,
    ask: (prompt, { args = [], env = {}, binary, timeout = 90_000, stdin = "closed" } = {}) =>
      base.run("bash", ["-c", THROUGH_PIPES, "bash", binaryOf(binary === undefined ? {} : { binary }), "-p", prompt, ...args], {
        env: { ...claudeEnv, ...env },
        cwd: project,
        timeout,
        stdin,
      }),
    session: (args = [], more = {}) =>
      openTerminal(binaryOf(more), args, {
        env: { ...claudeEnv, ...more.env },
        cwd: project,
        saw: (text) => base.saw("the terminal", text),
        ...(options.onFinished === undefined ? {} : { onFinished: options.onFinished }),
      }),
    runs() {
      const file = base.path("recorder/runs.jsonl");
      if (!existsSync(file)) return [];
      const lines = readFileSync(file, "utf8").trimEnd().split("\n");
      const events = lines.map((line) => JSON.parse(line) as KeyspringRun & { readonly pid: number });
      const ended = new Set(events.filter((event) => event.ended).map(({ pid }) => pid));
      return events.filter((event) => !event.ended).map(({ pid, command }) => ({ command, ended: ended.has(pid) }));
    },
    async bedrock() {
      const [lists, calls] = await Promise.all([
        simulator.control.requests({ service: "bedrock" }),
        simulator.control.requests({ service: "bedrock-runtime" }),
      ]);
      return [...lists, ...calls].toSorted((a, b) => a.id - b.id);
    },
  };
}

function binaryOf({ binary = claudeCodeBinary(CLAUDE_CODE) }: SessionOptions): string {
  return binary!;
}

/** What Claude Code knows after a person went through its first start and trusted the folder. */
function seed(project: string): unknown {
  return {
    hasCompletedOnboarding: true,
    lastOnboardingVersion: CLAUDE_CODE.version,
    numStartups: 5,
    theme: "dark",
    autoUpdates: false,
    projects: { [project]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true, allowedTools: [] } },
  };
}

/** Claude Code's answer, with all it printed if it is not this one. */
export function expectAnswer({ exitCode, stdout, stderr }: Finished, answer: string): void {
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: `${answer}\n`, stderr: "" });
}
