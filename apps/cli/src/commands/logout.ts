import { text, type CommandInput } from "../command.ts";
import { errandFor, within } from "../obtain.ts";
import type { Services } from "../services.ts";

const DEADLINE = 30_000;

export async function runLogout(services: Services, input: CommandInput): Promise<void> {
  const { store, terminal, errors } = services;
  const { target } = await errandFor(services, text(input, "profile"));
  // First what lies here: it must be gone even if the identity provider cannot be reached.
  await store.remove(target.key);
  await errors.clear(target.profile);
  await within(services, DEADLINE, async (signal) =>
    target.source.signOut?.({ profile: target.profile, reason: "absent", signal }),
  );
  terminal.err(`Signed out: ${target.profile}.\n`);
}
