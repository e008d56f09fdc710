import type { Platform } from "@keyspring/core";

/**
 * Who runs this command, by the variable that Claude Code gives to the commands of its settings: its terminal interface, `claude -p`, or
 * anything else (an editor's extension, an SDK, a person).
 */
export type SessionKind = "terminal" | "print" | "other";

export function sessionKind({ env }: Pick<Platform, "env">): SessionKind {
  switch (env["CLAUDE_CODE_ENTRYPOINT"]) {
    case "cli":
      return "terminal";
    case "sdk-cli":
      return "print";
    default:
      return "other";
  }
}
