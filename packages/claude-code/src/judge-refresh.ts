import type { Platform } from "@keyspring/core";
import { judgeLine, verdictOf } from "./judge-line.ts";
import type { CommandVerdict } from "./types.ts";

/**
 * Would this line work as `awsAuthRefresh`? It is not run: it would begin a sign-in. A program found in PATH is accepted
 * (`aws sso login --profile dev` is what the documentation of Claude Code itself shows).
 */
export async function judgeRefreshCommand(
  platform: Platform,
  line: string,
  options: { readonly cwd?: string } = {},
): Promise<CommandVerdict> {
  const cwd = options.cwd ?? platform.cwd;
  const { program, findings } = await judgeLine(platform, line, { setting: "awsAuthRefresh", cwd, absolute: false });
  return { verdict: verdictOf(findings), findings, ...(program === undefined ? {} : { program }) };
}
