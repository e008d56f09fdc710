import { CredentialError, type Platform } from "@keyspring/core";
import type { Stage } from "./stage.ts";

const TIMEOUT = 120_000;

/** The installed Claude Code's version, before anything is shown. */
export async function findClaude({ processes, env }: Platform): Promise<void> {
  const result = await processes.run({
    command: [program({ env }), "--version"],
    env,
    signal: AbortSignal.timeout(TIMEOUT),
    streams: "closed",
  });
  if (result.outcome === "exited" && result.exitCode === 0) return;
  throw new CredentialError("USAGE", "Claude Code is not installed (no `claude` on PATH)", {
    remedy: "Install it: npm install -g @anthropic-ai/claude-code, or run the demo without --claude.",
  });
}

/** Asks Claude Code one question on the stage. */
export async function runClaude(stage: Stage, question: string): Promise<{ exitCode: number | undefined; output: string }> {
  const { platform, env, home, signal } = stage;
  const result = await platform.processes.run({
    command: [program(platform), "-p", question],
    env: { ...env, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1", DISABLE_AUTOUPDATER: "1" },
    cwd: home,
    signal,
    timeout: TIMEOUT,
    streams: "closed",
  });
  return { exitCode: result.exitCode, output: result.stdout + result.stderr };
}

const program = ({ env }: Pick<Platform, "env">): string => env["KEYSPRING_CLAUDE_BIN"] ?? "claude";
