import { createHash, timingSafeEqual } from "node:crypto";
import { textField } from "../http/call.ts";
import { ServiceError } from "../http/error.ts";
import { organizationAt } from "../state/identity-center.ts";
import { randomText } from "../state/secrets.ts";
import type { World } from "../state/world.ts";
import { oauthError, type OauthErrorName } from "./oauth-error.ts";
import type { Organization } from "./organization.ts";
import { isLoopback, type Client } from "./register.ts";

/** AWS's codes live minutes; the client is waiting at its loopback port. */
const CODE_LIFETIME = 5 * 60_000;

/** A sign-in in this very browser: begun by `GET /authorize`, ended by a redirect. */
export interface AuthorizationRequest {
  readonly id: string;
  readonly client: Client;
  readonly organization: Organization;
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly scopes: readonly string[];
  readonly codeChallenge: string;
  readonly startedAt: number;
  approved: { readonly userName: string; readonly code: string; readonly at: number } | undefined;
  redeemed: boolean;
}

/**
 * Checks the query of `GET /authorize` and remembers the request.
 * @throws ServiceError when the client or its redirect URI cannot be trusted: then nobody may be redirected there
 * @returns the request, or where to redirect with the error
 */
export function beginAuthorization(world: World, query: URLSearchParams): AuthorizationRequest | { readonly redirect: string } {
  const client = world.identityCenter.clients.get(query.get("client_id") ?? "");
  if (client === undefined) throw oauthError("invalid_client", "No such client is registered here.");
  if (world.clock.now() >= client.secretExpiresAt) throw oauthError("invalid_client", "The client's registration has expired.");
  const redirectUri = query.get("redirect_uri") ?? "";
  if (!client.redirectUris.some((registered) => matchesRedirectUri(registered, redirectUri))) {
    throw oauthError("invalid_redirect_uri", "The redirect URI is not one that the client registered.");
  }
  const state = query.get("state") ?? undefined;
  const refuse = (error: OauthErrorName | "unsupported_response_type", description: string): { redirect: string } => ({
    redirect: withParameters(redirectUri, { error, error_description: description, state }),
  });
  if (query.get("response_type") !== "code") return refuse("unsupported_response_type", "response_type must be code.");
  if (!client.grantTypes.includes("authorization_code")) {
    return refuse("unauthorized_client", "The client is not registered for authorization_code.");
  }
  const codeChallenge = query.get("code_challenge") ?? "";
  if (query.get("code_challenge_method") !== "S256" || !/^[\w-]{43}$/.test(codeChallenge)) {
    return refuse("invalid_request", "A code_challenge with code_challenge_method S256 is needed.");
  }
  const organization = client.issuerUrl === undefined ? undefined : organizationAt(world.identityCenter, client.issuerUrl);
  if (organization === undefined)
    return refuse("invalid_request", "The client registered no issuerUrl of an organization here.");
  // The AWS CLI says `scopes`, the RFC says `scope`; both are in the wild.
  const asked = (query.get("scopes") ?? query.get("scope") ?? "").split(/[\s,]+/).filter((scope) => scope !== "");
  if (asked.some((scope) => !client.scopes.includes(scope))) {
    return refuse("invalid_scope", "The client did not register for these scopes.");
  }
  const request: AuthorizationRequest = {
    id: randomText(18),
    client,
    organization,
    redirectUri,
    state,
    scopes: asked.length > 0 ? asked : client.scopes,
    codeChallenge,
    startedAt: world.clock.now(),
    approved: undefined,
    redeemed: false,
  };
  world.identityCenter.authorizations.set(request.id, request);
  return request;
}

/** The person agreed. @returns where to send the browser */
export function approveAuthorization(world: World, request: AuthorizationRequest, userName: string): string {
  const code = world.secrets.issue("authorization-code", randomText(64));
  request.approved = { userName, code, at: world.clock.now() };
  world.identityCenter.authorizations.delete(request.id);
  world.identityCenter.authorizations.set(code, request);
  return withParameters(request.redirectUri, { code, state: request.state });
}

/** The person refused. @returns where to send the browser */
export function denyAuthorization(world: World, request: AuthorizationRequest): string {
  world.identityCenter.authorizations.delete(request.id);
  const parameters = { error: "access_denied", error_description: "The person denied the sign-in.", state: request.state };
  return withParameters(request.redirectUri, parameters);
}

export function redeemAuthorizationCode(
  world: World,
  client: Client,
  fields: Readonly<Record<string, unknown>>,
): { readonly organization: Organization; readonly userName: string; readonly scopes: readonly string[] } {
  const code = textField(fields, "code");
  const codeVerifier = textField(fields, "codeVerifier");
  if (code === undefined || codeVerifier === undefined)
    throw oauthError("invalid_request", "code and codeVerifier are needed.");
  const request = world.identityCenter.authorizations.get(code);
  const approved = request?.approved;
  const refused: ServiceError = oauthError("invalid_grant", "Invalid authorization code provided.");
  if (request === undefined || approved === undefined || request.redeemed || request.client !== client) throw refused;
  if (world.clock.now() >= approved.at + CODE_LIFETIME)
    throw oauthError("invalid_grant", "The authorization code has expired.");
  request.redeemed = true;
  if (textField(fields, "redirectUri") !== request.redirectUri) {
    throw oauthError("invalid_grant", "The redirect URI differs from the one of the authorization.");
  }
  const challenge = createHash("sha256").update(codeVerifier).digest("base64url");
  if (!timingSafeEqual(Buffer.from(challenge), Buffer.from(request.codeChallenge))) {
    throw oauthError("invalid_grant", "The code verifier does not match.");
  }
  return { organization: request.organization, userName: approved.userName, scopes: request.scopes };
}

/** Exact, save that loopback addresses may come with any port: RFC 8252 section 7.3. */
function matchesRedirectUri(registered: string, given: string): boolean {
  if (registered === given) return true;
  if (!URL.canParse(given)) return false;
  const [a, b] = [new URL(registered), new URL(given)];
  return (
    a.protocol === "http:" &&
    b.protocol === "http:" &&
    isLoopback(a.hostname) &&
    a.hostname === b.hostname &&
    a.pathname === b.pathname &&
    a.search === b.search
  );
}

function withParameters(uri: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const url = new URL(uri);
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}
