import { isCredentialError } from "@keyspring/core";
import { text, type CommandInput } from "../command.ts";
import { createInteraction } from "../interaction.ts";
import { errandFor, obtain, signInFor, within } from "../obtain.ts";
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
    // Claude Code shows standard error with a cross, so what a person must read goes to standard output.
    const interaction = createInteraction(services, { browser: input.options["browser"] !== false, write: services.terminal.out });
    await signInFor(services, errand, interaction, { signal });
    await obtain(services, errand, { signal, freshOnly: true });
    interaction.say("Signed in.");
  });
}
