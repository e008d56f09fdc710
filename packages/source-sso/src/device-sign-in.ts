import { isCredentialError, type CredentialError, type CredentialRequest, type Interaction } from "@keyspring/core";
import { cancellation, ServiceError } from "./aws/failure.ts";
import { createToken, type IssuedToken } from "./aws/oidc.ts";
import { rehearseWrite } from "./cache-file.ts";
import { codeExpired, pollFailure } from "./failures.ts";
import { caller, neverAborted, type SsoParts } from "./parts.ts";
import { promptOf, readPending, removePending, writePending, type PendingSignIn } from "./pending-sign-in.ts";
import { seenThrough } from "./seen-through.ts";
import { lockSession } from "./session-lock.ts";
import { endSession } from "./sign-out.ts";
import { startSignIn } from "./start-sign-in.ts";
import { readToken, writeToken } from "./token-cache.ts";
import { isUsable } from "./token-life.ts";

/**
 * The device flow: shows an address and a code, then asks until somebody approved. Ends with a token in the cache, whoever put it
 * there. A sign-in that an ended process left under way is taken up where it was.
 * @throws CredentialError TIMED_OUT if the code expires, SIGN_IN_REQUIRED if it is denied, INVALID_CONFIGURATION, NETWORK, SOURCE_FAILED
 */
export async function deviceSignIn(parts: SsoParts, request: CredentialRequest, interaction: Interaction): Promise<void> {
  await rehearseWrite(parts.platform, parts.session.tokenFile);
  if (request.force) await startAnew(parts, request, interaction);
  const resumed = await readPending(parts);
  if (resumed !== undefined && (await follow(parts, request, interaction, resumed, "resumed")) === "signed-in") return;
  const pending = await startSignIn(parts, request, await tokenDigest(parts));
  await follow(parts, request, interaction, pending, "begun");
}

/** Signing in while a session lives only joins it and inherits its end, so that session ends first. */
async function startAnew(parts: SsoParts, request: CredentialRequest, interaction: Interaction): Promise<void> {
  await removePending(parts);
  await endSession(parts, request).catch((error: unknown) => {
    if (request.signal.aborted) throw error;
    interaction.say("The old session could not be ended; the new sign-in may end when it would have.");
  });
}

/** `lost`: what was resumed is no longer good for anything; begin again. */
async function follow(
  parts: SsoParts,
  request: CredentialRequest,
  interaction: Interaction,
  pending: PendingSignIn,
  how: "begun" | "resumed",
): Promise<"signed-in" | "lost"> {
  await interaction.show(promptOf(pending));
  const noted = await openBrowserOnce(parts, interaction, pending);
  try {
    await poll(parts, request, interaction, noted);
  } catch (error) {
    // A caller that ran out of time leaves the code to the next one.
    if (request.signal.aborted) throw cancellation(request.signal);
    await removePending(parts);
    if (!(error instanceof ServiceError)) throw error;
    if (how === "resumed" && error.isRefusal && error.code !== "access_denied") return "lost";
    throw pollFailure(error, request);
  }
  await removePending(parts);
  return "signed-in";
}

/** A tab per attempt would bury the person; a second one only for who types the command again. */
async function openBrowserOnce(parts: SsoParts, interaction: Interaction, pending: PendingSignIn): Promise<PendingSignIn> {
  if (pending.browserOpened && !interaction.terminal) return pending;
  if (!(await interaction.openBrowser(pending.verificationUriComplete ?? pending.verificationUri))) return pending;
  const noted = { ...pending, browserOpened: true };
  await writePending(parts, noted);
  return noted;
}

const SLOW_DOWN = 5;
const LONGEST_INTERVAL = 60;

async function poll(
  parts: SsoParts,
  request: CredentialRequest,
  interaction: Interaction,
  begun: PendingSignIn,
): Promise<void> {
  const { clock } = parts.platform;
  let pending = begun;
  let lastTrouble: CredentialError | ServiceError | undefined;
  let pause = pending.interval;
  for (;;) {
    await clock.sleep(pause * 1000, request.signal);
    if (await someoneSignedIn(parts, pending)) {
      interaction.say("Signed in by another program.");
      return;
    }
    if (clock.now() >= pending.expiresAt) throw lastTrouble ?? codeExpired(request.profile);
    const answer = await seenThrough(ask(parts, pending), clock, request.signal);
    if (answer === "signed-in") return;
    if (answer === "pending" || answer === "slow-down") {
      lastTrouble = undefined;
      if (answer === "slow-down") {
        pending = { ...pending, interval: pending.interval + SLOW_DOWN };
        await writePending(parts, pending);
      }
      pause = pending.interval;
      continue;
    }
    if (lastTrouble === undefined) interaction.say("Identity Center cannot be reached; still trying.");
    lastTrouble = answer;
    pause = Math.min(pause * 2, LONGEST_INTERVAL);
  }
}

/** One poll and, if it brings the token, its storing: never cut off in between. Trouble that may pass is an answer, not a failure. */
async function ask(
  parts: SsoParts,
  pending: PendingSignIn,
): Promise<"signed-in" | "pending" | "slow-down" | CredentialError | ServiceError> {
  const signal = neverAborted();
  let issued: IssuedToken;
  try {
    const grant = { grantType: "urn:ietf:params:oauth:grant-type:device_code", deviceCode: pending.deviceCode } as const;
    issued = await createToken(caller(parts, signal, 1), pending.client, grant);
  } catch (error) {
    if (isCredentialError(error) && (error.code === "NETWORK" || error.code === "TIMED_OUT")) return error;
    if (!(error instanceof ServiceError)) throw error;
    if (error.code === "authorization_pending") return "pending";
    if (error.code === "slow_down") return "slow-down";
    if (error.isRefusal) throw error;
    return error;
  }
  const lock = await lockSession(parts, signal);
  try {
    await writeToken(parts.platform, parts.session, {
      accessToken: issued.accessToken,
      expiresAt: parts.platform.clock.now() + issued.expiresIn * 1000,
      client: pending.client,
      ...(issued.refreshToken !== undefined && { refreshToken: issued.refreshToken }),
    });
    return "signed-in";
  } finally {
    await lock.release();
  }
}

async function someoneSignedIn(parts: SsoParts, { before }: PendingSignIn): Promise<boolean> {
  const token = await readToken(parts.platform, parts.session).catch(() => undefined);
  if (token === undefined || !isUsable(token, parts.platform.clock.now())) return false;
  return parts.platform.digest("sha256", token.accessToken) !== before;
}

async function tokenDigest({ platform, session }: SsoParts): Promise<string | undefined> {
  const token = await readToken(platform, session);
  return token && platform.digest("sha256", token.accessToken);
}
