import type { Target } from "@keyspring/core";
import { text, type CommandInput } from "../command.ts";
import { errandFor, within } from "../obtain.ts";
import type { Services } from "../services.ts";

const DEADLINE = 30_000;

export async function runLogout(services: Services, input: CommandInput): Promise<void> {
  const { store, terminal, errors } = services;
  const { target } = await errandFor(services, text(input, "profile"));
  const targets = await targetsOfSession(services, target);
  const forget = async (): Promise<void> => {
    for (const { key } of targets) await store.remove(key);
  };
  // First what lies here: it must be gone even if the identity provider cannot be reached.
  await forget();
  await errors.clear(target.profile);
  try {
    await within(services, DEADLINE, async (signal) =>
      target.source.signOut?.({ profile: target.profile, reason: "absent", signal }),
    );
  } finally {
    // Until the session ended others could still obtain some.
    await forget();
  }
  terminal.err(`Signed out: ${target.profile}.\n`);
}

/** Every profile whose credentials come from the same sign-in. */
async function targetsOfSession({ profiles, targets }: Services, target: Target): Promise<Target[]> {
  const scope = target.source.signInScope;
  if (scope === undefined) return [target];
  const names = new Set([...(await profiles.config()).profiles.keys(), ...(await profiles.awsConfig()).profiles.keys()]);
  names.delete(target.profile);
  const found = [target];
  for (const name of names) {
    // One that cannot be used has no credentials to forget.
    const selection = await profiles.select(name).catch(() => undefined);
    if (selection?.source !== target.sourceId) continue;
    const other = await targets.of(selection).catch(() => undefined);
    if (other?.source.signInScope === scope) found.push(other);
  }
  return found;
}
