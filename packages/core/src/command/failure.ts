import { formatDuration } from "../duration.ts";
import { CredentialError, invalidConfiguration, isCredentialError, sourceFailed } from "../errors.ts";
import type { RunResult } from "../platform.ts";
import { shownTail } from "../terminal-text.ts";
import { invalidOutput } from "../wire/problem.ts";

const OWN_WORDS = "keyspring: ";
const LINES_SEARCHED = 4;

/** What the messages of a failed command need to know. */
export interface CommandFacts {
  /** How to speak of it: `the command /opt/acme/grant.sh`. No arguments: they are nobody's business. */
  readonly what: string;
  /** Milliseconds it was given. */
  readonly timeout: number;
  /** Bytes it may print. */
  readonly outputLimit: number;
  readonly signal: AbortSignal;
  /** Where the settings can be changed, e.g. `timeout in the options of profile acme`. */
  readonly where: string;
}

/** Why the run gave nothing; `undefined` if the command ended with exit code 0. Its last line on stderr is shown, redacted. */
export function commandFailure(result: RunResult, facts: CommandFacts): CredentialError | undefined {
  const { what, where } = facts;
  switch (result.outcome) {
    case "exited":
      return exitFailure(result, what);
    case "timed-out":
      return new CredentialError("TIMED_OUT", `${what} did not end within ${formatDuration(facts.timeout)}`, {
        remedy: `Run it by hand to see what it waits for (it gets no input), or raise the timeout in ${where}.`,
      });
    case "too-much-output":
      return invalidOutput(
        `${what} printed more than ${facts.outputLimit} bytes`,
        "Have it print the credentials only, and everything else into a file of its own.",
      );
    case "cancelled":
      return cancelled(facts);
    case "not-found":
      return invalidConfiguration(`${what} was not found`, `Correct the command in ${where}.`);
    default:
      return invalidConfiguration(
        `${what} cannot be run by the system`,
        "Check its execute permission and that its first line names an interpreter which exists (ls -l, head -1).",
      );
  }
}

function exitFailure({ exitCode, signal, stderr }: RunResult, what: string): CredentialError | undefined {
  if (exitCode === 0) return undefined;
  const how = exitCode === undefined ? `was ended by ${signal ?? "a signal"}` : `failed with exit code ${exitCode}`;
  const said = lastWords(stderr);
  return sourceFailed(
    said === undefined ? `${what} ${how} and said nothing` : `${what} ${how}: ${said}`,
    "Run it by hand to see what it needs; more of what it said is in the log (keyspring status says where).",
  );
}

/** The last line, which is where programs say why; the first of two where Keyspring itself is what failed. */
function lastWords(stderr: string): string | undefined {
  const lines = shownTail(stderr, LINES_SEARCHED);
  return lines.findLast((line) => line.startsWith(OWN_WORDS))?.slice(OWN_WORDS.length) ?? lines.at(-1);
}

/** Of a deadline that was not the command's own, people learn what it was that they waited for. */
function cancelled({ what, signal: { reason } }: CommandFacts): CredentialError {
  if (!isCredentialError(reason)) return new CredentialError("CANCELLED", "it was interrupted", { cause: reason });
  if (reason.code !== "TIMED_OUT") return reason;
  return new CredentialError("TIMED_OUT", `${what} did not end: ${reason.message}`, {
    remedy: "Run it by hand to see what it waits for (it gets no input).",
    cause: reason,
  });
}
