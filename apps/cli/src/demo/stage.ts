import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Simulator } from "@keyspring/aws-simulator";
import { sourceFailed, type Platform, type RunResult } from "@keyspring/core";
import { furnish, ORGANIZATIONS } from "./furnish.ts";
import { createMovedClock } from "./moved-clock.ts";

/** A private home, a simulated AWS with two organizations, and the real `keyspring` in between. */
export interface Stage {
  readonly platform: Platform;
  readonly home: string;
  readonly simulator: Simulator;
  /** The environment of everything that runs on the stage: nothing of the person's own AWS set-up is in it. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** The time on the stage, milliseconds since the epoch. */
  now(): number;
  /** Lets time pass, for the simulated AWS and for `keyspring` alike. */
  pass(milliseconds: number): Promise<void>;
  /** Runs this very `keyspring` as a process of its own. Whoever starts it, here always this process, is the session that it serves. */
  keyspring(...args: string[]): Promise<RunResult>;
  /** The same for a session that has only just begun. */
  keyspringInNewSession(...args: string[]): Promise<RunResult>;
}

/** Milliseconds after which a command of the demo counts as stuck. */
const STUCK = 60_000;

/** Variables of the person's own that every program needs. */
const PASSED = ["PATH", "TERM", "LANG", "SHELL", "COLORTERM", "NO_COLOR", "SystemRoot", "ComSpec", "PATHEXT", "TEMP", "TMP"];

/** Starts another program and ends as it ends: to Keyspring that is another session. */
const SESSION = `const { status } = require("node:child_process").spawnSync(process.argv[1], process.argv.slice(2), { stdio: "inherit" });
process.exit(status ?? 1);`;

/** Builds a stage, lets `play` have it, and leaves nothing of it behind. */
export async function onStage<Result>(
  platform: Platform,
  signal: AbortSignal,
  play: (stage: Stage) => Promise<Result>,
): Promise<Result> {
  const { startSimulator } = await import("@keyspring/aws-simulator");
  const home = await mkdtemp(join(tmpdir(), "keyspring-demo-"));
  const simulator = await startSimulator({ organizations: ORGANIZATIONS });
  try {
    await furnish(platform, home, simulator);
    return await play(await createStage(platform, signal, home, simulator));
  } finally {
    await simulator.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function createStage(platform: Platform, signal: AbortSignal, home: string, simulator: Simulator): Promise<Stage> {
  const passed = PASSED.flatMap((name) => (platform.env[name] === undefined ? [] : [[name, platform.env[name]] as const]));
  const env = {
    ...Object.fromEntries(passed),
    ...simulator.environment,
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_STATE_HOME: join(home, ".local", "state"),
    XDG_RUNTIME_DIR: join(home, ".run"),
    KEYSPRING_NO_BROWSER: "1",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  const clock = await createMovedClock(home, platform.clock, simulator.control);
  const { execPath, script } = platform.self;
  const self: readonly string[] = script === execPath ? [execPath] : [execPath, script];
  const run = async (before: readonly string[], args: readonly string[]): Promise<RunResult> => {
    const [program = execPath, ...rest] = [...before, ...self, ...args];
    const result = await platform.processes.run({
      command: [program, ...rest],
      // As Claude Code runs them: from its asking again Keyspring knows that AWS refused.
      env: { ...env, ...clock.env, CLAUDE_CODE_ENTRYPOINT: "demo" },
      cwd: home,
      signal,
      timeout: STUCK,
      streams: "closed",
    });
    if (result.outcome === "cancelled") throw signal.reason;
    if (result.outcome !== "exited")
      throw sourceFailed(`keyspring ${args.join(" ")} did not end by itself (${result.outcome})`);
    return result;
  };
  return {
    platform,
    home,
    simulator,
    env,
    signal,
    now: () => clock.now(),
    pass: (milliseconds) => clock.pass(milliseconds),
    keyspring: (...args) => run([], args),
    keyspringInNewSession: (...args) => run([execPath, "-e", SESSION], args),
  };
}
