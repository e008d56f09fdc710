import type { Platform } from "@keyspring/core";
import type { SsoOptions } from "./options.ts";
import { sessionOf } from "./session.ts";
import { readToken } from "./token-cache.ts";
import { canRefresh, isUsable } from "./token-life.ts";

/** What is known of a sign-in without asking anybody. Holds no secret. */
export interface SessionDescription {
  /** The `[sso-session …]`, if there is one. */
  readonly session: string | undefined;
  readonly startUrl: string;
  readonly region: string;
  /** The AWS CLI's token file. */
  readonly tokenFile: string;
  /** `expired` sign-ins with `canRefresh` are renewed without a human. */
  readonly state: "signed-out" | "signed-in" | "expired";
  /** End of the access token. */
  readonly expiration: Date | undefined;
  /** A refresh token is there and its registration has not ended. */
  readonly canRefresh: boolean;
  /** End of the client registration that the refresh token is bound to. */
  readonly registrationExpiration: Date | undefined;
}

/**
 * Reads the token cache; no network.
 * @throws CredentialError SOURCE_FAILED if the file cannot be read
 */
export async function describeSession(
  options: SsoOptions,
  platform: Pick<Platform, "home" | "path" | "digest" | "files" | "clock">,
): Promise<SessionDescription> {
  const session = sessionOf(options, platform);
  const now = platform.clock.now();
  const token = await readToken(platform, session);
  return {
    session: options.session,
    startUrl: session.startUrl,
    region: session.region,
    tokenFile: session.tokenFile,
    state: token === undefined ? "signed-out" : isUsable(token, now) ? "signed-in" : "expired",
    expiration: token && new Date(token.expiresAt),
    canRefresh: token !== undefined && canRefresh(token, now),
    registrationExpiration: token?.client && new Date(token.client.expiresAt),
  };
}
