import type { Platform, RunResult } from "@keyspring/core";
import { judgeLine, verdictOf } from "./judge-line.ts";
import { judgeOutput } from "./judge-output.ts";
import { judgeFailure } from "./judge-failure.ts";
import type { CommandVerdict } from "./types.ts";

/** Claude Code itself waits for ever; nobody at a keyboard should. */
const DEADLINE = 10_000;

export interface ExportTrial {
  readonly cwd?: string;
  /** Variables that the same settings file gives to Claude Code, and so to the command. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Would this line work as `awsCredentialExport`? Unless it must not be run at all, it is run once as Claude Code would (its shell, its
 * folder, its variables), but with no standard input and a deadline, and its output is read as Claude Code reads it. What it printed is
 * never part of the verdict.
 */
export async function judgeExportCommand(platform: Platform, line: string, trial: ExportTrial = {}): Promise<CommandVerdict> {
  const cwd = trial.cwd ?? platform.cwd;
  const { program, findings } = await judgeLine(platform, line, { setting: "awsCredentialExport", cwd, absolute: true });
  const known = program === undefined ? {} : { program };
  if (verdictOf(findings) === "refused") return { verdict: "refused", findings, ...known };

  const result = await run(platform, line, cwd, trial.env);
  const failures = judgeFailure(result, DEADLINE);
  const { findings: about, ...output } =
    failures.length > 0 ? { findings: failures } : judgeOutput(result.stdout, platform.clock.now());
  const all = [...findings, ...about];
  return { verdict: verdictOf(all), findings: all, ...known, ...output };
}

async function run(platform: Platform, line: string, cwd: string, env: ExportTrial["env"]): Promise<RunResult> {
  const deadline = platform.clock.deadline(2 * DEADLINE);
  try {
    return await platform.processes.run({
      command: { shell: line },
      env: { ...platform.env, ...env },
      cwd,
      signal: deadline.signal,
      timeout: DEADLINE,
      streams: "closed",
    });
  } finally {
    deadline.clear();
  }
}
