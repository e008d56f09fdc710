import { isCredentialError } from "@keyspring/core";
import { text, type CommandInput } from "../command.ts";
import { errandFor, obtain, within } from "../obtain.ts";
import { explained } from "../present/error.ts";
import type { Services } from "../services.ts";

/** A person waits for the prompt to be sent: long enough for one refresh over a slow network, not longer. */
const DEADLINE = 10_000;

/**
 * Claude Code's UserPromptSubmit hook. Silent when credentials can be had; else the prompt is held back (it returns to the input line)
 * and the person reads what to type. Claude Code has no other way to tell: it discards what `export` says, and does not run `refresh` at
 * all where the machine has some other valid identity.
 */
export async function runClaudeHook(services: Services, input: CommandInput): Promise<void> {
  const flag = text(input, "profile");
  try {
    await within(services, DEADLINE, async (signal) => obtain(services, await errandFor(services, flag), { signal }));
  } catch (error) {
    // What may pass by itself (a slow network) is left to Claude Code's own retries: only what a person must mend holds a prompt back.
    const passing = isCredentialError(error) && ["TIMED_OUT", "NETWORK", "CANCELLED"].includes(error.code);
    if (passing) return;
    services.terminal.out(`${JSON.stringify({ decision: "block", reason: reasonFor(services, error) })}\n`);
  }
}

function reasonFor({ redactor }: Services, error: unknown): string {
  const { code, message, remedy } = explained(error);
  const what = redactor.redact(message);
  // With `!` Claude Code runs it in this very session, where address and code appear.
  const command = /keyspring login[^`]*/.exec(remedy ?? "")?.[0]?.trim();
  if (code === "SIGN_IN_REQUIRED" && command !== undefined)
    return `Keyspring: ${what}. Type here: ! ${command}   (or run it in another terminal), then send your prompt again.`;
  return `Keyspring: ${what}. ${redactor.redact(remedy ?? "")}`;
}
