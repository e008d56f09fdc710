import { printExportCredentials } from "@keyspring/core";
import { remember } from "./obtain.ts";
import type { Services } from "./services.ts";

const HOUR = 3_600_000;

/**
 * The line that `export --guard` prints instead of failing: well-formed credentials that no AWS account ever issued. When its export
 * command fails, Claude Code goes on with whatever identity the machine has; with these, AWS refuses every request, and Claude Code asks
 * again before each retry, so a sign-in elsewhere is picked up at once.
 */
export async function refusedCredentials(services: Services, profile: string | undefined, error: unknown): Promise<string> {
  await remember(services, profile ?? "", error);
  return printExportCredentials({
    accessKeyId: "ASIAKEYSPRINGNOTREAL",
    secretAccessKey: "Keyspring-has-no-credentials-right-now",
    sessionToken: "Keyspring-has-no-credentials-right-now",
    expiration: new Date(services.platform.clock.now() + HOUR),
  });
}
