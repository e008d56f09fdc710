import type { Platform } from "@keyspring/core";

/**
 * Who runs this command, by the variable that Claude Code gives to the commands of its settings: its terminal interface, `claude -p`, or
 * something else of it (an editor's extension, an SDK); `none` is everybody who is not Claude Code.
 */
export type SessionKind = "terminal" | "print" | "other" | "none";

export function sessionKind({ env }: Pick<Platform, "env">): SessionKind {
  switch (env["CLAUDE_CODE_ENTRYPOINT"]) {
    case "cli":
      return "terminal";
    case "sdk-cli":
      return "print";
    case undefined:
    case "":
      return "none";
    default:
      return "other";
  }
}
