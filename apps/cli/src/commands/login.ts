import { formatDuration, remainingLife } from "@keyspring/core";
import { text, type CommandInput } from "../command.ts";
import { createInteraction } from "../interaction.ts";
import { cannotSignIn, errandFor, obtain, signInFor, within } from "../obtain.ts";
import type { Services } from "../services.ts";

/** Longer than any code lives; the source ends the wait when its code expires. */
const DEADLINE = 30 * 60_000;

export async function runLogin(services: Services, input: CommandInput): Promise<void> {
  const { terminal, platform } = services;
  const errand = await errandFor(services, text(input, "profile"));
  const { profile, source } = errand.target;
  if (source.signIn === undefined) throw cannotSignIn(profile);
  const force = input.options["force"] === true;
  await within(services, DEADLINE, async (signal) => {
    const interaction = createInteraction(services, { browser: input.options["browser"] !== false, write: terminal.err });
    await signInFor(services, errand, interaction, { signal, force });
    const { identity } = await obtain(services, errand, { signal, freshOnly: true });
    const left =
      identity.expiration === undefined ? "" : `, good for ${formatDuration(remainingLife(identity, platform.clock.now()))}`;
    terminal.err(
      `Signed in: ${profile}${identity.accountId === undefined ? "" : ` (account ${identity.accountId})`}${left}.\n`,
    );
  });
}
