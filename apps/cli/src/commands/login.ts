import { formatDuration, isCredentialError, remainingLife, shellWord, type StoredCredentials } from "@keyspring/core";
import { text, type CommandInput } from "../command.ts";
import { createInteraction } from "../interaction.ts";
import { cannotSignIn, errandFor, obtain, signInFor, within, type Errand } from "../obtain.ts";
import type { Services } from "../services.ts";

/** Longer than any code lives; the source ends the wait when its code expires. */
const DEADLINE = 30 * 60_000;

export async function runLogin(services: Services, input: CommandInput): Promise<void> {
  const { terminal, store } = services;
  const errand = await errandFor(services, text(input, "profile"));
  const { profile, key, source } = errand.target;
  if (source.signIn === undefined) throw cannotSignIn(profile);
  const force = input.options["force"] === true;
  await within(services, DEADLINE, async (signal) => {
    const present = force ? undefined : await withoutPerson(services, errand, signal);
    if (present !== undefined) {
      terminal.err(`Signed in already: ${summary(services, present)}.\n`);
      terminal.err(`For a new session: keyspring login --profile ${shellWord(profile)} --force\n`);
      return;
    }
    const interaction = createInteraction(services, { browser: input.options["browser"] !== false, write: terminal.err });
    await signInFor(services, errand, interaction, { signal, force });
    // What the session before gave may be the very reason to begin a new one.
    if (force) await store.remove(key);
    terminal.err(`Signed in: ${summary(services, await obtain(services, errand, { signal, freshOnly: true }))}.\n`);
  });
}

/** Fresh credentials if the sign-in that is there still gives them. */
async function withoutPerson(
  services: Services,
  { target }: Errand,
  signal: AbortSignal,
): Promise<StoredCredentials | undefined> {
  try {
    return await services.resolver.resolve(target, { signal, freshOnly: true });
  } catch (error) {
    if (isCredentialError(error) && error.code === "SIGN_IN_REQUIRED") return undefined;
    throw error;
  }
}

function summary({ platform }: Services, { profile, identity }: StoredCredentials): string {
  const account = identity.accountId === undefined ? "" : ` (account ${identity.accountId})`;
  const life =
    identity.expiration === undefined ? "" : `, good for ${formatDuration(remainingLife(identity, platform.clock.now()))}`;
  return `${profile}${account}${life}`;
}
