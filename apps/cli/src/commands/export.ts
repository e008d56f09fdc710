import { isCredentialError, printExportCredentials } from "@keyspring/core";
import { text, type CommandInput } from "../command.ts";
import { consumerOf, errandFor, obtain, within, type Errand } from "../obtain.ts";
import { refusedCredentials } from "../refused-credentials.ts";
import type { Services } from "../services.ts";
import { waitForSignIn } from "../wait-for-sign-in.ts";

/** Claude Code waits for export without end; its person does not. */
export const EXPORT_DEADLINE = 15_000;

export async function runExport(services: Services, input: CommandInput): Promise<number> {
  const profile = text(input, "profile");
  const line = await credentialLine(services, profile).catch(async (error: unknown) => {
    if (input.options["guard"] !== true) throw error;
    services.log.warn("printing credentials that AWS refuses, so that nobody else's are used", { profile });
    return refusedCredentials(services, profile, error);
  });
  services.terminal.out(`${line}\n`);
  return 0;
}

async function credentialLine(services: Services, profile: string | undefined): Promise<string> {
  const errand = await within(services, EXPORT_DEADLINE, () => errandFor(services, profile));
  // Claude Code runs it once a session: the second time means that AWS refused the first answer.
  const consumer = await consumerOf(services, 0);
  const entry = await obtainOrJoin(services, errand, consumer);
  return printExportCredentials(entry.identity);
}

/** Credentials within the deadline; longer only while a person is already signing in for this profile. */
export async function obtainOrJoin(
  services: Services,
  errand: Errand,
  consumer: Awaited<ReturnType<typeof consumerOf>>,
): ReturnType<typeof obtain> {
  const attempt = (): ReturnType<typeof obtain> =>
    within(services, EXPORT_DEADLINE, (signal) => obtain(services, errand, { signal, ...(consumer === undefined ? {} : { consumer }) }));
  try {
    return await attempt();
  } catch (error) {
    const needsPerson = isCredentialError(error) && error.code === "SIGN_IN_REQUIRED";
    if (needsPerson && (await waitForSignIn(services, errand))) return attempt();
    throw error;
  }
}
