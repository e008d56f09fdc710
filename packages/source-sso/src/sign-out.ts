import { CredentialError, isCredentialError, type CredentialRequest } from "@keyspring/core";
import { ServiceError } from "./aws/failure.ts";
import { logout } from "./aws/portal.ts";
import { serviceFailure } from "./failures.ts";
import { caller, type SsoParts } from "./parts.ts";
import { removePending } from "./pending-sign-in.ts";
import { currentToken } from "./refresh.ts";
import { lockSession } from "./session-lock.ts";
import { readToken, removeToken, type SsoToken } from "./token-cache.ts";
import { isUsable } from "./token-life.ts";

/**
 * Ends the session at Identity Center and takes its token away here. Other sessions' tokens and the client registration stay.
 * The token goes even if Identity Center cannot be told; then the error says so.
 */
export async function signOut(parts: SsoParts, request: CredentialRequest): Promise<void> {
  await removePending(parts);
  await endSession(parts, request);
}

export async function endSession(parts: SsoParts, request: CredentialRequest): Promise<void> {
  const { platform, session } = parts;
  const token = await readToken(platform, session);
  const failure = token && (await logoutFailure(parts, request, token));
  // A file without a readable token may still hold a refresh token.
  if ((await platform.files.linkFacts(session.tokenFile)) !== undefined) await removeLocked(parts, request);
  if (failure === undefined) return;
  throw new CredentialError(failure.code, `signed out here, but Identity Center was not told: ${failure.message}`, {
    remedy: `Until it ends by itself the session can be ended by hand: sign out at ${session.startUrl}`,
  });
}

/** Under the lock, so that a refresh under way elsewhere does not put the token back. */
async function removeLocked(parts: SsoParts, { signal }: CredentialRequest): Promise<void> {
  const lock = await lockSession(parts, signal);
  try {
    await removeToken(parts.platform, parts.session);
  } finally {
    await lock.release();
  }
}

/** An access token that ended cannot log out, though its session may live on: it is renewed first. */
async function logoutFailure(
  parts: SsoParts,
  request: CredentialRequest,
  token: SsoToken,
): Promise<CredentialError | undefined> {
  try {
    const { accessToken } = isUsable(token, parts.platform.clock.now()) ? token : await currentToken(parts, request);
    await logout(caller(parts, request.signal), accessToken);
    return undefined;
  } catch (error) {
    if (error instanceof ServiceError)
      return error.status === 401 && error.isRefusal ? undefined : serviceFailure(error, "the sign-out");
    if (!isCredentialError(error)) throw error;
    return error.code === "SIGN_IN_REQUIRED" ? undefined : error;
  }
}
