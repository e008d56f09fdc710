import type { CachedToken, SsoToken } from "./token-cache.ts";

const MINUTE = 60_000;
/** As botocore: from here on a new token is fetched, while the old one still serves. */
const ADVISORY_WINDOW: number = 15 * MINUTE;
/** Within this of its end a token would die on its way. */
const LAST_MOMENT = 10_000;

/** Whether Identity Center still accepts it, as far as its times tell. */
export function isUsable(token: SsoToken, now: number): boolean {
  return token.expiresAt - now > LAST_MOMENT;
}

/**
 * Whether it should be renewed: within 15 minutes of its end or, where tokens live shorter than 45, in the last third of its life.
 * The third matters at the end of a session, whose last tokens are cut to what is left of it: they would be renewed at each call.
 */
export function isDue(token: CachedToken, now: number): boolean {
  const life = token.expiresAt - (token.writtenAt ?? Number.NEGATIVE_INFINITY);
  const window = life > 0 ? Math.min(ADVISORY_WINDOW, life / 3) : ADVISORY_WINDOW;
  return token.expiresAt - now < window || !isUsable(token, now);
}

export type RefreshableToken = CachedToken & Required<Pick<SsoToken, "refreshToken" | "client">>;

export function canRefresh(token: CachedToken, now: number): token is RefreshableToken {
  return token.refreshToken !== undefined && token.client !== undefined && token.client.expiresAt > now;
}
