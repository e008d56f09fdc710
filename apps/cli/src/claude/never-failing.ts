import type { Platform } from "@keyspring/core";
import { FALLBACK_LINE, UNSENDABLE_FALLBACK_LINE } from "./refused-credentials.ts";

const GONE = "Keyspring cannot run any more";
const REMEDY = "Install it again (npm install -g keyspring), or take its lines out of settings.json of Claude Code.";

/**
 * The export command so that the shell answers for it if it is gone or killed: whenever this command fails, Claude Code asks Bedrock as
 * somebody else. Signals are left to the program itself, since the shell would die of them before it could answer. To `claude -p`, which
 * shows nothing of what its commands print, the shell says why on the terminal or the pipe that is its standard error.
 */
export function neverFailing({ os }: Pick<Platform, "os">, command: string): string {
  if (os === "win32") return `${command} || echo ${FALLBACK_LINE}`;
  const tell = `for f in /proc/$PPID/fd/2 /dev/tty; do [ -c $f -o -p $f ] && { echo '${GONE}. ${REMEDY}' >$f; } 2>/dev/null && break; done`;
  const print = `case $CLAUDE_CODE_ENTRYPOINT in sdk-*) ${tell}; echo '${UNSENDABLE_FALLBACK_LINE}';; *) echo '${FALLBACK_LINE}';; esac`;
  return `trap '' INT HUP TERM; ${command} || ${print}`;
}

/** A hook's command so that the shell tells the session if it is gone. Only the terminal interface has somebody to tell. */
export function neverSilent({ os }: Pick<Platform, "os">, command: string, event: "start" | "prompt"): string {
  if (os === "win32") return command;
  const reason = `${GONE}. ${REMEDY}`;
  const answer = JSON.stringify(event === "start" ? { systemMessage: reason } : { decision: "block", reason });
  return `${command} || case $CLAUDE_CODE_ENTRYPOINT in cli) echo '${answer}';; esac`;
}
