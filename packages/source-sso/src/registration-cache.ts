import type { Platform } from "@keyspring/core";
import { formatAwsTime, parseAwsTime } from "./aws-time.ts";
import { readCacheFile, writeCacheFile } from "./cache-file.ts";
import type { SsoSession } from "./session.ts";
import type { ClientRegistration } from "./token-cache.ts";

type Machine = Pick<Platform, "files" | "clock">;

/** As botocore: a registration about to end is not used for another sign-in. */
const EARLY = 15 * 60_000;

/** The cached registration, if the device flow may use it. One made for the authorization code flow may not. */
export async function readRegistration(
  platform: Machine,
  session: Pick<SsoSession, "registrationFile">,
): Promise<ClientRegistration | undefined> {
  const fields = await readCacheFile(platform, session.registrationFile);
  if (fields === undefined) return undefined;
  const { clientId, clientSecret, grantTypes } = fields;
  const expiresAt = parseAwsTime(fields["expiresAt"]);
  if (typeof clientId !== "string" || typeof clientSecret !== "string" || expiresAt === undefined) return undefined;
  if (Array.isArray(grantTypes) && grantTypes.includes("authorization_code")) return undefined;
  return expiresAt - platform.clock.now() < EARLY ? undefined : { clientId, clientSecret, expiresAt };
}

export async function writeRegistration(
  platform: Pick<Platform, "files">,
  session: Pick<SsoSession, "registrationFile" | "scopes">,
  { clientId, clientSecret, expiresAt }: ClientRegistration,
): Promise<void> {
  const fields = { clientId, clientSecret, expiresAt: formatAwsTime(expiresAt), scopes: session.scopes };
  await writeCacheFile(platform, session.registrationFile, fields);
}
