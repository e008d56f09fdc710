import type { AwsCredentialIdentity } from "@keyspring/core";
import { portalClient, type Caller } from "./clients.ts";
import { asking, present } from "./failure.ts";

/**
 * The role's credentials. SSO portal 2019-06-10, unsigned; the answer's expiration is in epoch milliseconds.
 * Failures: `ServiceError`, or `CredentialError` NETWORK, TIMED_OUT, CANCELLED, INVALID_CONFIGURATION.
 */
export async function getRoleCredentials(
  caller: Caller,
  accessToken: string,
  role: { readonly accountId: string; readonly roleName: string },
): Promise<AwsCredentialIdentity> {
  return asking(caller.signal, async () => {
    const { GetRoleCredentialsCommand } = await import("@aws-sdk/client-sso");
    const command = new GetRoleCredentialsCommand({ accessToken, ...role });
    const { roleCredentials } = await (await portalClient(caller)).send(command, { abortSignal: caller.signal });
    return {
      accessKeyId: present(roleCredentials?.accessKeyId),
      secretAccessKey: present(roleCredentials?.secretAccessKey),
      sessionToken: present(roleCredentials?.sessionToken),
      expiration: new Date(present(roleCredentials?.expiration)),
      accountId: role.accountId,
    };
  });
}

/** Ends the session at Identity Center, for every tool that shares it. */
export async function logout(caller: Caller, accessToken: string): Promise<void> {
  await asking(caller.signal, async () => {
    const { LogoutCommand } = await import("@aws-sdk/client-sso");
    await (await portalClient(caller)).send(new LogoutCommand({ accessToken }), { abortSignal: caller.signal });
  });
}
