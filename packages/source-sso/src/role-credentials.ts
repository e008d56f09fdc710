import {
  formatDuration,
  invalidConfiguration,
  invalidOutput,
  signInRequired,
  type AwsCredentialIdentity,
  type CredentialRequest,
} from "@keyspring/core";
import { ServiceError } from "./aws/failure.ts";
import { getRoleCredentials } from "./aws/portal.ts";
import { roleFailure, type Role } from "./failures.ts";
import type { SsoOptions } from "./options.ts";
import { caller, type SsoParts } from "./parts.ts";
import { currentToken, tokenInsteadOf } from "./refresh.ts";
import type { SsoToken } from "./token-cache.ts";

/** New role credentials at each call; of what was had before only the session's token is used. */
export async function provideRole(
  parts: SsoParts,
  options: SsoOptions,
  request: CredentialRequest,
): Promise<AwsCredentialIdentity> {
  const role = roleOf(options, request.profile);
  const token = await currentToken(parts, request);
  const first = await obtain(parts, role, token, request);
  if (first !== undefined) return first;
  // Revoked before its time, maybe while the session lives on: a new access token tells.
  const instead = await tokenInsteadOf(parts, request, token);
  const second = instead && (await obtain(parts, role, instead, request));
  if (second !== undefined) return second;
  throw signInRequired(request.profile, `Identity Center no longer accepts the sign-in at ${parts.session.startUrl}`);
}

/** `undefined`: the access token is not accepted. */
async function obtain(
  parts: SsoParts,
  role: Role,
  { accessToken }: SsoToken,
  { signal }: CredentialRequest,
): Promise<AwsCredentialIdentity | undefined> {
  try {
    const identity = await getRoleCredentials(caller(parts, signal), accessToken, role);
    refuseWrongClock(identity, parts.platform.clock.now());
    return identity;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (error.status === 401 && error.isRefusal) return undefined;
    throw roleFailure(error, role, parts.session);
  }
}

/** Nobody issues credentials that have already ended: then one of the two clocks is wrong, and it is not Identity Center's. */
function refuseWrongClock({ expiration }: AwsCredentialIdentity, now: number): void {
  if (expiration === undefined || expiration.getTime() > now) return;
  const age = formatDuration(now - expiration.getTime());
  throw invalidOutput(
    `by this machine's clock the credentials that Identity Center has just issued ended ${age} ago`,
    "Set the clock: compare `date -u` with the true time (on Linux: sudo timedatectl set-ntp true), then try again.",
  );
}

function roleOf({ account_id: accountId, role_name: roleName }: SsoOptions, profile: string): Role {
  if (accountId !== undefined && roleName !== undefined) return { accountId, roleName };
  const missing = [accountId === undefined && "account_id", roleName === undefined && "role_name"]
    .filter(Boolean)
    .join(" and ");
  throw invalidConfiguration(
    `${profile} does not say ${missing}`,
    `Add ${missing} to profiles.${profile}.options in config.toml (or sso_${missing.replace(" and ", " and sso_")} to the AWS profile).`,
  );
}
