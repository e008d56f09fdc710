import {
  CredentialError,
  type CredentialRequest,
  invalidConfiguration,
  shellWord,
  signInRequired,
  sourceFailed,
} from "@keyspring/core";
import type { ServiceError } from "./aws/failure.ts";
import type { SsoSession } from "./session.ts";

/** Words for a call that failed for no reason particular to it. `what`: "the refresh", "the sign-in". */
export function serviceFailure(error: ServiceError, what: string): CredentialError {
  if (error.isForeign)
    return sourceFailed(
      `what answered ${what} is not Identity Center (HTTP ${error.status})`,
      "Check the proxy (HTTPS_PROXY), AWS_ENDPOINT_URL_* and whether the network asks for a sign-in of its own.",
    );
  if (error.status === 429 || error.code === "slow_down")
    return sourceFailed("Identity Center gets too many requests", "Wait a minute, then try again.");
  if (error.status >= 500) return sourceFailed(`Identity Center has a fault (HTTP ${error.status})`, "Try again in a minute.");
  return sourceFailed(
    `Identity Center refused ${what} (${error.code}, HTTP ${error.status})`,
    "Check start_url and region: keyspring explain",
  );
}

/** `GetRoleCredentials` failed, other than by an access token that is no longer accepted. */
export function roleFailure(error: ServiceError, role: Role, session: SsoSession): CredentialError {
  const { accountId, roleName } = role;
  if (error.isForeign) return serviceFailure(error, "the request for role credentials");
  if (error.status === 403)
    return sourceFailed(
      `Identity Center does not give the role ${roleName} in account ${accountId} to the person signed in`,
      `Ask the administrator of ${session.startUrl} to assign you ${roleName} in ${accountId}, or correct role_name and account_id.`,
    );
  if (error.status === 404 || error.status === 400)
    return sourceFailed(
      `Identity Center knows no role ${roleName} in account ${accountId} (${error.code})`,
      `Correct role_name and account_id, or ask the administrator of ${session.startUrl} which ones you were assigned.`,
    );
  return serviceFailure(error, "the request for role credentials");
}

export interface Role {
  readonly accountId: string;
  readonly roleName: string;
}

/** `RegisterClient` or `StartDeviceAuthorization` failed: usually a slip in the options. */
export function startFailure(
  error: ServiceError,
  session: SsoSession,
  request: Pick<CredentialRequest, "profile">,
): CredentialError {
  const explain = `keyspring explain --profile ${request.profile}`;
  if (error.code === "invalid_scope")
    return invalidConfiguration(
      `Identity Center knows no such scope: ${session.scopes.join(", ")}`,
      `Correct scopes (see: ${explain})`,
    );
  if (error.isRefusal)
    return invalidConfiguration(
      `Identity Center in ${session.region} does not accept ${session.startUrl} (${error.code})`,
      `Correct start_url and region (see: ${explain})`,
    );
  return serviceFailure(error, "the sign-in");
}

/** A poll ended the sign-in. */
export function pollFailure(error: ServiceError, { profile }: Pick<CredentialRequest, "profile">): CredentialError {
  if (error.code === "expired_token") return codeExpired(profile);
  if (error.code === "access_denied") return signInRequired(profile, "the sign-in was denied in the browser");
  return error.isRefusal
    ? signInRequired(profile, `Identity Center ended the sign-in (${error.code})`)
    : serviceFailure(error, "the sign-in");
}

export function codeExpired(profile: string): CredentialError {
  return new CredentialError("TIMED_OUT", "the code expired before anybody approved it", {
    remedy: `Run: keyspring login --profile ${shellWord(profile)}`,
  });
}
