import { asking, present } from "./failure.ts";
import { oidcClient, type Caller } from "./clients.ts";

/**
 * The three calls of the device flow, SSO-OIDC 2019-06-10. All are unsigned JSON.
 * Failures: `ServiceError`, or `CredentialError` NETWORK, TIMED_OUT, CANCELLED, INVALID_CONFIGURATION.
 */
export interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface DeviceAuthorization {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly verificationUri: string;
  readonly verificationUriComplete: string | undefined;
  /** Seconds. */
  readonly expiresIn: number;
  /** Seconds between two polls. */
  readonly interval: number;
}

export type Grant =
  | { readonly grantType: "urn:ietf:params:oauth:grant-type:device_code"; readonly deviceCode: string }
  | { readonly grantType: "refresh_token"; readonly refreshToken: string };

export interface IssuedToken {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly refreshToken: string | undefined;
}

/** RFC 8628, section 3.2. */
const DEFAULT_INTERVAL = 5;

export async function registerClient(
  caller: Caller,
  clientName: string,
  scopes: readonly string[],
): Promise<Client & { /** Seconds since the epoch. */ readonly clientSecretExpiresAt: number }> {
  return asking(caller.signal, async () => {
    const { RegisterClientCommand } = await import("@aws-sdk/client-sso-oidc");
    const command = new RegisterClientCommand({ clientName, clientType: "public", scopes: [...scopes] });
    const answer = await (await oidcClient(caller)).send(command, { abortSignal: caller.signal });
    return {
      clientId: present(answer.clientId),
      clientSecret: present(answer.clientSecret),
      clientSecretExpiresAt: present(answer.clientSecretExpiresAt),
    };
  });
}

export async function startDeviceAuthorization(caller: Caller, client: Client, startUrl: string): Promise<DeviceAuthorization> {
  return asking(caller.signal, async () => {
    const { StartDeviceAuthorizationCommand } = await import("@aws-sdk/client-sso-oidc");
    const { clientId, clientSecret } = client;
    const command = new StartDeviceAuthorizationCommand({ clientId, clientSecret, startUrl });
    const answer = await (await oidcClient(caller)).send(command, { abortSignal: caller.signal });
    return {
      deviceCode: present(answer.deviceCode),
      userCode: present(answer.userCode),
      verificationUri: present(webAddress(answer.verificationUri)),
      verificationUriComplete: webAddress(answer.verificationUriComplete),
      expiresIn: present(answer.expiresIn),
      interval: answer.interval !== undefined && answer.interval > 0 ? answer.interval : DEFAULT_INTERVAL,
    };
  });
}

export async function createToken(caller: Caller, client: Client, grant: Grant): Promise<IssuedToken> {
  return asking(caller.signal, async () => {
    const { CreateTokenCommand } = await import("@aws-sdk/client-sso-oidc");
    const { clientId, clientSecret } = client;
    const command = new CreateTokenCommand({ clientId, clientSecret, ...grant });
    const answer = await (await oidcClient(caller)).send(command, { abortSignal: caller.signal });
    return {
      accessToken: present(answer.accessToken),
      expiresIn: present(answer.expiresIn),
      refreshToken: answer.refreshToken,
    };
  });
}

/** Security: these are handed to the program that opens the browser, which would open files and other schemes as well. */
function webAddress(text: string | undefined): string | undefined {
  return text !== undefined && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text : undefined;
}
