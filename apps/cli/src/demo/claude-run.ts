import { CredentialError } from "@keyspring/core";
import type { Stage } from "./stage.ts";

const TIMEOUT = 120_000;

/** Asks the installed Claude Code one question on the stage. */
export async function runClaude(stage: Stage, question: string): Promise<{ exitCode: number | undefined; output: string }> {
  const { platform, env, home, signal } = stage;
  const result = await platform.processes.run({
    command: [platform.env["KEYSPRING_CLAUDE_BIN"] ?? "claude", "-p", question],
    env: { ...env, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1", DISABLE_AUTOUPDATER: "1" },
    cwd: home,
    signal,
    timeout: TIMEOUT,
    streams: "closed",
  });
  if (result.outcome === "not-found" || result.outcome === "not-executable")
    throw new CredentialError("USAGE", "Claude Code is not installed (no `claude` on PATH)", {
      remedy: "Install it: npm install -g @anthropic-ai/claude-code, or run the demo without --claude.",
    });
  return { exitCode: result.exitCode, output: result.stdout + result.stderr };
}
