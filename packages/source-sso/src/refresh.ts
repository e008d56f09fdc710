import { isCredentialError, signInRequired, type CredentialRequest } from "@keyspring/core";
import { ServiceError } from "./aws/failure.ts";
import { createToken } from "./aws/oidc.ts";
import { rehearseWrite } from "./cache-file.ts";
import { serviceFailure } from "./failures.ts";
import { caller, neverAborted, STANDARD_ATTEMPTS, type SsoParts } from "./parts.ts";
import { isKnownRefused, noteRefused } from "./refused-tokens.ts";
import { seenThrough } from "./seen-through.ts";
import { lockSession, tryLockSession } from "./session-lock.ts";
import { readToken, writeToken, type CachedToken, type SsoToken } from "./token-cache.ts";
import { canRefresh, isDue, isUsable, type RefreshableToken } from "./token-life.ts";

type Request = Pick<CredentialRequest, "profile" | "signal">;

/** After `invalid_grant`: how long another writer, who knows no lock, may take to store what it got for the same token. */
const ADOPTION_PAUSES: readonly number[] = [0, 200, 400, 800];

/** With these a refresh token will not be redeemed later either. */
const FINAL_CODES: ReadonlySet<string> = new Set(["invalid_grant", "expired_token", "invalid_client", "unauthorized_client"]);

/**
 * The session's access token, renewed without a human if it is due and can be. A token that is still valid beats a failure to renew it.
 * @throws CredentialError SIGN_IN_REQUIRED if only a person can help; NETWORK, TIMED_OUT, SOURCE_FAILED otherwise
 */
export async function currentToken(parts: SsoParts, request: Request): Promise<SsoToken> {
  const now = parts.platform.clock.now();
  const token = await readToken(parts.platform, parts.session);
  if (token === undefined) throw signInRequired(request.profile, `nobody is signed in at ${parts.session.startUrl}`);
  if (!isDue(token, now)) return token;
  if (await isRenewable(parts, token)) return renew(parts, request, token, "due");
  if (isUsable(token, now)) return token;
  throw sessionEnded(parts, request);
}

/** A token instead of one that Identity Center refuses although its times are good; `undefined` if only a person can help. */
export async function tokenInsteadOf(parts: SsoParts, request: Request, refused: SsoToken): Promise<SsoToken | undefined> {
  const token = await readToken(parts.platform, parts.session);
  if (token === undefined) return undefined;
  if (token.accessToken !== refused.accessToken && isUsable(token, parts.platform.clock.now())) return token;
  if (!(await isRenewable(parts, token))) return undefined;
  return renew(parts, request, token, "refused").catch((error: unknown) => {
    if (isCredentialError(error) && error.code === "SIGN_IN_REQUIRED") return undefined;
    throw error;
  });
}

async function isRenewable(parts: SsoParts, token: CachedToken): Promise<boolean> {
  return canRefresh(token, parts.platform.clock.now()) && !(await isKnownRefused(parts, token.refreshToken));
}

/** `why`: the token `seen` is due, or it was refused and must not be handed out again. */
async function renew(parts: SsoParts, request: Request, seen: CachedToken, why: "due" | "refused"): Promise<SsoToken> {
  const { clock } = parts.platform;
  const mayServe = (): boolean => why === "due" && isUsable(seen, clock.now());
  try {
    // Whoever is renewing it already does so for all; a token that is still valid need not wait for that.
    const lock = await (mayServe() ? tryLockSession : lockSession)(parts, request.signal);
    if (lock === undefined) return seen;
    const work = renewLocked(parts, seen, mayServe() ? 1 : STANDARD_ATTEMPTS).finally(() => lock.release());
    const renewed = await seenThrough(work, clock, request.signal);
    if (renewed !== undefined) return renewed;
  } catch (error) {
    if (request.signal.aborted || !mayServe())
      throw error instanceof ServiceError ? serviceFailure(error, "the refresh") : error;
    parts.log.warn("the sign-in could not be renewed for now; its token is still valid", {
      profile: request.profile,
      code: isCredentialError(error) || error instanceof ServiceError ? error.code : "unknown",
    });
    return seen;
  }
  if (mayServe()) return seen;
  throw sessionEnded(parts, request);
}

/** `undefined`: the session is over. */
async function renewLocked(parts: SsoParts, seen: CachedToken, attempts: number): Promise<SsoToken | undefined> {
  const { platform, session } = parts;
  const now = platform.clock.now();
  const token = await readToken(platform, session);
  if (token === undefined) return undefined;
  if (token.accessToken !== seen.accessToken && !isDue(token, now)) return token;
  if (!(await isRenewable(parts, token))) return undefined;
  await rehearseWrite(platform, session.tokenFile);
  return redeem(parts, token as RefreshableToken, attempts);
}

async function redeem(parts: SsoParts, token: RefreshableToken, attempts: number): Promise<SsoToken | undefined> {
  const { platform, session, log } = parts;
  try {
    const grant = { grantType: "refresh_token", refreshToken: token.refreshToken } as const;
    const answer = await createToken(caller(parts, neverAborted(), attempts), token.client, grant);
    const renewed: SsoToken = {
      accessToken: answer.accessToken,
      expiresAt: platform.clock.now() + answer.expiresIn * 1000,
      refreshToken: answer.refreshToken ?? token.refreshToken,
      client: token.client,
    };
    await writeToken(platform, session, renewed).catch((error: unknown) => {
      // The rehearsal went well a moment ago. What is lost is the next refresh; this token still serves.
      log.error("the renewed sign-in could not be stored", { code: isCredentialError(error) ? error.message : "unknown" });
    });
    log.info("sign-in renewed", { session: session.id, rotated: answer.refreshToken !== undefined });
    return renewed;
  } catch (error) {
    if (!(error instanceof ServiceError && error.isRefusal)) throw error;
    log.info("the refresh token was refused", { session: session.id, code: error.code });
    const adopted = await adopt(parts, token);
    if (adopted === undefined && FINAL_CODES.has(error.code)) await noteRefused(parts, token.refreshToken);
    return adopted;
  }
}

/** Another writer may have redeemed the same token first; then what it stored is ours too. */
async function adopt(parts: SsoParts, refused: RefreshableToken): Promise<SsoToken | undefined> {
  const { platform, session } = parts;
  for (const pause of ADOPTION_PAUSES) {
    await platform.clock.sleep(pause);
    const token = await readToken(platform, session);
    if (token === undefined || token.accessToken === refused.accessToken) continue;
    if (isUsable(token, platform.clock.now())) return token;
  }
  return undefined;
}

function sessionEnded({ session }: SsoParts, { profile }: Request): Error {
  return signInRequired(profile, `the sign-in at ${session.startUrl} has ended`);
}
