import { jsonBody, textField, type Call } from "../http/call.ts";
import { redeemAuthorizationCode } from "./authorize.ts";
import { decisionOn } from "./device.ts";
import { oauthAnswer, oauthError } from "./oauth-error.ts";
import { authenticatedClient, GRANT, type Client } from "./register.ts";
import { isAlive, issueTokens, newFamily, type TokenAnswer } from "./sessions.ts";

/** Clients measure the interval at their end; the network and their timers are this imprecise, in milliseconds. */
const POLL_TOLERANCE = 100;
/** RFC 8628 section 3.5. */
const SLOW_DOWN_SECONDS = 5;

/** `POST /token`. */
export function createToken(call: Call): Response {
  const fields = jsonBody(call);
  if (fields === undefined) throw oauthError("invalid_request", "The body is no JSON object.");
  const grantType = textField(fields, "grantType");
  if (grantType === undefined) throw oauthError("invalid_request", "grantType is missing.");
  if (!Object.values<string>(GRANT).includes(grantType)) {
    throw oauthError("unsupported_grant_type", `The grant type ${grantType} is not supported.`);
  }
  const client = authenticatedClient(call, fields);
  if (!client.grantTypes.includes(grantType)) {
    throw oauthError("unauthorized_client", `The client is not registered for ${grantType}.`);
  }
  const answer = answerTo(call, grantType, client, fields);
  return oauthAnswer({ ...answer });
}

function answerTo(call: Call, grantType: string, client: Client, fields: Readonly<Record<string, unknown>>): TokenAnswer {
  if (grantType === GRANT.deviceCode) return redeemDeviceCode(call, client, textField(fields, "deviceCode"));
  if (grantType === GRANT.refreshToken) return redeemRefreshToken(call, client, textField(fields, "refreshToken"));
  const { organization, userName, scopes } = redeemAuthorizationCode(call.world, client, fields);
  call.entry.principal = userName;
  return issueTokens(call.world, newFamily(call.world, client, organization, userName, scopes));
}

function redeemDeviceCode(call: Call, client: Client, deviceCode: string | undefined): TokenAnswer {
  const { world, entry } = call;
  if (deviceCode === undefined) throw oauthError("invalid_request", "deviceCode is missing.");
  const device = world.identityCenter.devices.get(deviceCode);
  if (device === undefined || device.redeemed || device.client !== client) {
    throw oauthError("invalid_grant", "Invalid device code provided.");
  }
  const now = world.clock.now();
  if (now >= device.expiresAt) throw oauthError("expired_token", "The device code has expired.");
  const tooQuick = device.lastPoll !== undefined && now - device.lastPoll < device.interval * 1000 - POLL_TOLERANCE;
  device.lastPoll = now;
  if (tooQuick) {
    device.interval += SLOW_DOWN_SECONDS;
    throw oauthError("slow_down", "The client polls too quickly.");
  }
  const decision = decisionOn(world, device);
  if (decision === undefined) throw oauthError("authorization_pending", "The sign-in is not decided yet.");
  if (decision.kind === "denied") throw oauthError("access_denied", "The person denied the sign-in.");
  device.redeemed = true;
  entry.principal = decision.userName;
  return issueTokens(world, newFamily(world, client, device.organization, decision.userName, client.scopes));
}

/**
 * Each refresh token works once. One that comes again has been stolen or raced: its whole family dies, the thief's part and the
 * owner's, unless it comes within the grace that the settings allow.
 */
function redeemRefreshToken(call: Call, client: Client, refreshToken: string | undefined): TokenAnswer {
  const { world, entry } = call;
  if (refreshToken === undefined) throw oauthError("invalid_request", "refreshToken is missing.");
  const found = world.identityCenter.refreshTokens.get(refreshToken);
  if (found === undefined || found.family.clientId !== client.clientId) {
    throw oauthError("invalid_grant", "Invalid refresh token provided.");
  }
  const { family } = found;
  entry.principal = family.session.userName;
  const now = world.clock.now();
  if (family.revoked || !isAlive(family.session, now)) throw oauthError("invalid_grant", "The session has ended.");
  if (found.consumedAt !== undefined && now - found.consumedAt >= world.settings.refreshTokenGrace) {
    family.revoked = true;
    throw oauthError("invalid_grant", "The refresh token was used before; its sign-in is revoked.");
  }
  found.consumedAt ??= now;
  return issueTokens(world, family);
}
