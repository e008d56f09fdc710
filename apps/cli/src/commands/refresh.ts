import { isCredentialError } from "@keyspring/core";
import { sessionKind } from "../claude/session-kind.ts";
import { sessionVoice, tellTerminal, type Voice } from "../claude/tell-session.ts";
import { text, type CommandInput } from "../command.ts";
import { createInteraction } from "../interaction.ts";
import { consumerOf, errandFor, obtain, signInFor, within, type Errand } from "../obtain.ts";
import type { Services } from "../services.ts";

/** Claude Code kills the command at 180 s; ending earlier leaves time for words of our own. */
const DEADLINE = 165_000;

export async function runRefresh(services: Services, input: CommandInput): Promise<void> {
  await within(services, DEADLINE, async (signal) => {
    const errand = await errandFor(services, text(input, "profile"));
    try {
      await obtain(services, errand, { signal, freshOnly: true });
      return;
    } catch (error) {
      const needsPerson = isCredentialError(error) && error.code === "SIGN_IN_REQUIRED";
      if (!needsPerson || errand.target.source.signIn === undefined) throw error;
    }
    const browser = input.options["browser"] !== false;
    const interaction = createInteraction(services, { browser, write: await channel(services, errand) });
    await signInFor(services, errand, interaction, { signal });
    await obtain(services, errand, { signal, freshOnly: true });
    interaction.say("Signed in.");
  });
}

/**
 * Standard output, which Claude Code shows in a panel (standard error gets a cross there). `claude -p` shows neither, and the terminal
 * interface leaves the screen blank for the first twenty seconds, so in these two cases the person is told directly too.
 */
async function channel(services: Services, { target }: Errand): Promise<(text: string) => void> {
  const { platform, terminal, ledger } = services;
  const also = async (): Promise<Voice | undefined> => {
    if (terminal.outIsTerminal) return undefined;
    const kind = sessionKind(platform);
    if (kind === "print") return sessionVoice(services);
    const consumer = kind === "terminal" ? await consumerOf(services, "export", false) : undefined;
    // Once the interface is drawn, nobody else may write over it.
    const starting = consumer !== undefined && (await ledger.last(target.key, consumer.id)) === undefined;
    return starting ? tellTerminal : undefined;
  };
  const voice = await also();
  return (line) => {
    terminal.out(line);
    voice?.(line);
  };
}
