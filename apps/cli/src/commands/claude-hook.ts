import { isCredentialError, type SignInPrompt } from "@keyspring/core";
import { sessionKind } from "../claude/session-kind.ts";
import { text, type CommandInput } from "../command.ts";
import { errandFor, obtain, within, type Errand } from "../obtain.ts";
import { explained } from "../present/error.ts";
import type { Services } from "../services.ts";
import { signInUnderWay } from "../sign-in-under-way.ts";

/** A person waits for the prompt to be sent: long enough for one refresh over a slow network, not longer. */
const DEADLINE = 10_000;

/**
 * Claude Code's SessionStart and UserPromptSubmit hooks. Silent when credentials can be had; else the person reads what to type, and the
 * prompt goes back to the input line. Claude Code has no other way to tell: it discards what `export` says, and does not run `refresh`
 * where the machine has some other valid identity.
 */
export async function runClaudeHook(services: Services, input: CommandInput): Promise<void> {
  // `claude -p` would count a prompt that was held back as a success; there, `export` makes it fail.
  if (sessionKind(services.platform) === "print" || !usesBedrock(services)) return;
  const starting = input.arguments[0] === "start";
  let errand: Errand | undefined;
  try {
    await within(services, DEADLINE, async (signal) => {
      errand = await errandFor(services, text(input, "profile"));
      await obtain(services, errand, { signal });
    });
  } catch (error) {
    if (isCredentialError(error) && error.code === "CANCELLED") return;
    // What may pass by itself is left to Claude Code's retries: only what a person must mend holds a prompt back.
    const mayPass = isCredentialError(error) && ["TIMED_OUT", "NETWORK"].includes(error.code);
    const needsPerson = isCredentialError(error) && error.code === "SIGN_IN_REQUIRED";
    const underWay = needsPerson && errand !== undefined ? await signInUnderWay(services, errand) : undefined;
    // The panel of `refresh` is about to say it, and its words go when they are no longer true; these would stay.
    if (underWay !== undefined && starting) return;
    const reason = underWay === undefined ? reasonFor(services, error) : joining(underWay.prompt);
    services.terminal.out(
      `${JSON.stringify(starting || mayPass ? { systemMessage: reason } : { decision: "block", reason })}\n`,
    );
  }
}

function joining(prompt: SignInPrompt | undefined): string {
  const where = prompt === undefined ? "" : ` at ${prompt.urlComplete ?? prompt.url}`;
  const code = prompt?.code === undefined ? "" : ` (code ${prompt.code})`;
  return `Keyspring: a sign-in is under way${where}${code}. Approve it, then send your prompt again.`;
}

/** The settings file may serve sessions that have turned Bedrock off. */
function usesBedrock({ platform }: Services): boolean {
  return ["CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_MANTLE", "CLAUDE_CODE_USE_ANTHROPIC_AWS"].some((name) =>
    /^(?:1|true|yes|on)$/i.test(platform.env[name] ?? ""),
  );
}

function reasonFor({ redactor }: Services, error: unknown): string {
  const { code, message, remedy = "" } = explained(error);
  // With `!` Claude Code runs it in this very session, where address and code appear.
  const login = code === "SIGN_IN_REQUIRED" ? /keyspring login[^`]*/.exec(remedy)?.[0]?.trim() : undefined;
  const next =
    login === undefined ? remedy : `Type: ! ${login}   (or run it in another terminal), then send your prompt again.`;
  return redactor.redact(`Keyspring: ${message}. ${next}`);
}
