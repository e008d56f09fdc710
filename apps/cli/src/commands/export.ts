import { isCredentialError, printExportCredentials, type Consumer, type StoredCredentials } from "@keyspring/core";
import { guarded } from "../claude/guard.ts";
import { text, type CommandInput } from "../command.ts";
import { consumerOf, errandFor, obtain, within, type Errand } from "../obtain.ts";
import type { Services } from "../services.ts";
import { signedInSince } from "../sign-in-under-way.ts";
import { waitForSignIn } from "../wait-for-sign-in.ts";

/** Claude Code waits for export without end; its person does not. */
export const EXPORT_DEADLINE = 15_000;

export async function runExport(services: Services, input: CommandInput): Promise<void> {
  const profile = text(input, "profile");
  // Claude Code runs it once a session: the second time means that AWS refused the first answer.
  const consumer = await consumerOf(services, "export", input.options["guard"] === true);
  let errand: Errand | undefined;
  for (;;) {
    let line: string | undefined;
    try {
      errand ??= await within(services, EXPORT_DEADLINE, () => errandFor(services, profile));
      line = printExportCredentials((await obtainOrJoin(services, errand, consumer)).identity);
    } catch (error) {
      if (input.options["guard"] !== true) throw error;
      line = await guarded(services, errand, consumer?.id, error);
    }
    if (line === undefined) continue;
    services.terminal.out(`${line}\n`);
    return;
  }
}

/** Credentials within the deadline; longer only while a person is already signing in for this profile. */
export async function obtainOrJoin(
  services: Services,
  errand: Errand,
  consumer: Consumer | undefined,
): Promise<StoredCredentials> {
  const since = services.platform.clock.now();
  const attempt = (): Promise<StoredCredentials> =>
    within(services, EXPORT_DEADLINE, (signal) =>
      obtain(services, errand, { signal, ...(consumer === undefined ? {} : { consumer }) }),
    );
  try {
    return await attempt();
  } catch (error) {
    const needsPerson = isCredentialError(error) && error.code === "SIGN_IN_REQUIRED";
    if (needsPerson && ((await waitForSignIn(services, errand)) || (await signedInSince(services, errand, since))))
      return attempt();
    throw error;
  }
}
