import type { CredentialRequest } from "@keyspring/core";
import { ServiceError } from "./aws/failure.ts";
import { registerClient, startDeviceAuthorization } from "./aws/oidc.ts";
import { startFailure } from "./failures.ts";
import { caller, type SsoParts } from "./parts.ts";
import { pendingOf, writePending, type PendingSignIn } from "./pending-sign-in.ts";
import { readRegistration, writeRegistration } from "./registration-cache.ts";
import type { ClientRegistration } from "./token-cache.ts";

/** Asks Identity Center for a code, with the registration that the AWS CLI may have made, else with a new one. */
export async function startSignIn(
  parts: SsoParts,
  request: CredentialRequest,
  before: string | undefined,
): Promise<PendingSignIn> {
  const { platform, session } = parts;
  const cached = await readRegistration(platform, session);
  try {
    const pending =
      (cached && (await authorize(parts, request, cached, before))) ??
      (await authorize(parts, request, await register(parts, request), before));
    if (pending === undefined) throw new ServiceError("invalid_client", 401);
    await writePending(parts, pending);
    return pending;
  } catch (error) {
    throw error instanceof ServiceError ? startFailure(error, session, request) : error;
  }
}

/** `undefined`: Identity Center does not know this client (any more). */
async function authorize(
  parts: SsoParts,
  { signal }: CredentialRequest,
  client: ClientRegistration,
  before: string | undefined,
): Promise<PendingSignIn | undefined> {
  try {
    return pendingOf(
      parts,
      client,
      await startDeviceAuthorization(caller(parts, signal), client, parts.session.startUrl),
      before,
    );
  } catch (error) {
    const isUnknown =
      error instanceof ServiceError && (error.code === "invalid_client" || error.code === "unauthorized_client");
    if (isUnknown) return undefined;
    throw error;
  }
}

async function register(parts: SsoParts, { signal }: CredentialRequest): Promise<ClientRegistration> {
  const { platform, session } = parts;
  const answer = await registerClient(caller(parts, signal), session.clientName, session.scopes);
  const { clientId, clientSecret, clientSecretExpiresAt } = answer;
  const client = { clientId, clientSecret, expiresAt: clientSecretExpiresAt * 1000 };
  await writeRegistration(platform, session, client);
  return client;
}
