import type { Platform } from "@keyspring/core";

/**
 * Who runs this command, by the variable that Claude Code gives to the commands of its settings: its terminal interface, `claude -p` (or
 * a program that drives it by the Agent SDK), or something else of it (an editor's extension); `none` is everybody who is not Claude Code.
 */
export type SessionKind = "terminal" | "print" | "other" | "none";

export function sessionKind({ env }: Pick<Platform, "env">): SessionKind {
  const entrypoint = env["CLAUDE_CODE_ENTRYPOINT"] ?? "";
  if (entrypoint === "") return "none";
  if (entrypoint === "cli") return "terminal";
  return entrypoint.startsWith("sdk-") ? "print" : "other";
}
