import { jsonBody, textField, textListField, type Call } from "../http/call.ts";
import { newClientSecret, randomText } from "../state/secrets.ts";
import type { World } from "../state/world.ts";
import { oauthAnswer, oauthError } from "./oauth-error.ts";

export const GRANT = {
  deviceCode: "urn:ietf:params:oauth:grant-type:device_code",
  authorizationCode: "authorization_code",
  refreshToken: "refresh_token",
} as const;

/** A registered OAuth client. */
export interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clientName: string;
  readonly scopes: readonly string[];
  readonly grantTypes: readonly string[];
  readonly redirectUris: readonly string[];
  readonly issuerUrl: string | undefined;
  readonly secretExpiresAt: number;
}

/** `POST /client/register`: anybody may; the answer is what the client proves itself with from then on. */
export function registerClient(call: Call): Response {
  const { world } = call;
  const fields = jsonBody(call);
  if (fields === undefined) throw oauthError("invalid_request", "The body is no JSON object.");
  const clientName = textField(fields, "clientName");
  if (clientName === undefined) throw oauthError("invalid_client_metadata", "clientName is missing.");
  if (fields["clientType"] !== "public") throw oauthError("invalid_client_metadata", "clientType must be public.");
  const grantTypes = textListField(fields, "grantTypes");
  const unknownGrant = grantTypes?.find((grant) => !Object.values<string>(GRANT).includes(grant));
  if (unknownGrant !== undefined)
    throw oauthError("unsupported_grant_type", `The grant type ${unknownGrant} is not supported.`);
  const redirectUris = textListField(fields, "redirectUris") ?? [];
  for (const uri of redirectUris) checkRedirectUri(uri);
  if (grantTypes?.includes(GRANT.authorizationCode) === true && redirectUris.length === 0) {
    throw oauthError("invalid_redirect_uri", "The authorization_code grant needs a redirect URI.");
  }
  const scopes = textListField(fields, "scopes") ?? [];
  const unknownScope = scopes.find((scope) => !/^(sso:account:access|openid|aws|[a-z-]+:[\w:-]+)$/.test(scope));
  if (unknownScope !== undefined) throw oauthError("invalid_scope", `The scope ${unknownScope} does not exist.`);

  const issuerUrl = textField(fields, "issuerUrl");
  const client = createClient(world, { clientName, scopes, grantTypes, redirectUris, issuerUrl });
  return oauthAnswer({
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    clientIdIssuedAt: Math.floor(world.clock.wall() / 1000),
    clientSecretExpiresAt: Math.floor(world.clock.toWall(client.secretExpiresAt) / 1000),
  });
}

export function createClient(
  world: World,
  facts: {
    readonly clientName: string;
    readonly scopes: readonly string[];
    readonly grantTypes?: readonly string[] | undefined;
    readonly redirectUris?: readonly string[];
    readonly issuerUrl?: string | undefined;
  },
): Client {
  const client: Client = {
    clientId: randomText(24),
    clientSecret: world.secrets.issue("client-secret", newClientSecret()),
    clientName: facts.clientName,
    scopes: facts.scopes,
    // What clients may do that, like the AWS CLI's device flow, name no grant.
    grantTypes: facts.grantTypes ?? [GRANT.deviceCode, GRANT.refreshToken],
    redirectUris: facts.redirectUris ?? [],
    issuerUrl: facts.issuerUrl,
    secretExpiresAt: world.clock.now() + world.settings.clientSecretLifetime,
  };
  world.identityCenter.clients.set(client.clientId, client);
  return client;
}

/** Loopback over http with any port (RFC 8252 section 7.3), or https. */
function checkRedirectUri(text: string): void {
  const uri = URL.canParse(text) ? new URL(text) : undefined;
  const allowed = uri !== undefined && (uri.protocol === "https:" || (uri.protocol === "http:" && isLoopback(uri.hostname)));
  if (!allowed || uri.hash !== "")
    throw oauthError("invalid_redirect_uri", "The redirect URI must be https, or http to loopback.");
}

export function isLoopback(hostname: string): boolean {
  return /^127(\.\d{1,3}){3}$/.test(hostname) || hostname === "[::1]" || hostname === "localhost";
}

/**
 * The client that a request names and proves to be.
 * @throws ServiceError `invalid_client`, also when its secret has expired
 */
export function authenticatedClient(call: Call, fields: Readonly<Record<string, unknown>>): Client {
  const { world } = call;
  const clientId = textField(fields, "clientId");
  const clientSecret = textField(fields, "clientSecret");
  if (clientId === undefined || clientSecret === undefined) {
    throw oauthError("invalid_request", "clientId and clientSecret are needed.");
  }
  const client = world.identityCenter.clients.get(clientId);
  if (client === undefined || client.clientSecret !== clientSecret) throw oauthError("invalid_client", "Invalid client.");
  if (world.clock.now() >= client.secretExpiresAt) throw oauthError("invalid_client", "The client's secret has expired.");
  return client;
}
