import type { Platform } from "@keyspring/core";
import type { SSOClient } from "@aws-sdk/client-sso";
import type { SSOOIDCClient } from "@aws-sdk/client-sso-oidc";
import { endpointChoice, type EndpointChoice, type Service } from "./endpoints.ts";
import { httpHandler, type SdkHttpHandler } from "./http-handler.ts";
import { retryStrategy, type RetryStrategy } from "./retry.ts";

export interface Caller {
  readonly platform: Pick<Platform, "env" | "http" | "clock" | "random">;
  /** The Identity Center's region. */
  readonly region: string;
  readonly signal: AbortSignal;
  /** How often a call is tried in all. */
  readonly attempts: number;
}

export async function oidcClient(caller: Caller): Promise<SSOOIDCClient> {
  const { SSOOIDCClient } = await import("@aws-sdk/client-sso-oidc");
  await silenceVersionWarning();
  return new SSOOIDCClient(clientConfig(caller, "SSO_OIDC"));
}

export async function portalClient(caller: Caller): Promise<SSOClient> {
  const { SSOClient } = await import("@aws-sdk/client-sso");
  await silenceVersionWarning();
  return new SSOClient(clientConfig(caller, "SSO"));
}

interface ClientConfig extends EndpointChoice {
  region: string;
  requestHandler: SdkHttpHandler;
  retryStrategy: RetryStrategy;
  retryMode: string;
  maxAttempts: number;
  defaultsMode: "legacy";
  authSchemePreference: string[];
  userAgentAppId: string;
  ignoreConfiguredEndpointUrls: boolean;
  credentials: () => Promise<never>;
}

/** Whatever is not given here, the SDK looks up in `process.env` and `~/.aws/config`, under a profile that is not ours. */
function clientConfig({ platform, region, signal, attempts }: Caller, service: Service): ClientConfig {
  return {
    region,
    requestHandler: httpHandler(platform.http),
    retryStrategy: retryStrategy(platform, attempts, signal),
    retryMode: "standard",
    maxAttempts: attempts,
    defaultsMode: "legacy",
    authSchemePreference: [],
    userAgentAppId: "keyspring",
    ignoreConfiguredEndpointUrls: true,
    // Every call of these two services goes unsigned; should one ever want credentials, they are not the ambient ones.
    credentials: async () => {
      throw new Error("calls to Identity Center are not signed");
    },
    ...endpointChoice(platform.env, service),
  };
}

/**
 * On Node 20 the SDK would print a notice about its own future to stderr, where people read what to do. The app cannot upgrade the
 * user's Node; the switch that the SDK offers is a variable of the whole process, this is the state behind it.
 */
async function silenceVersionWarning(): Promise<void> {
  const { state } = await import("@aws-sdk/core/client");
  state.warningEmitted = true;
}
