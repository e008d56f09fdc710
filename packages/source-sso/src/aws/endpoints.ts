import { invalidConfiguration, type Platform } from "@keyspring/core";

/** Names of the two services in `AWS_ENDPOINT_URL_<SERVICE>`. */
export type Service = "SSO" | "SSO_OIDC";

export interface EndpointChoice {
  /** Absent: the SDK's own rules choose by region and partition. */
  readonly endpoint?: string;
  readonly useFipsEndpoint: boolean;
  readonly useDualstackEndpoint: boolean;
}

/**
 * Where a service is reached, from the environment alone.
 * Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints" and "Dual-stack and FIPS endpoints".
 */
export function endpointChoice(env: Platform["env"], service: Service): EndpointChoice {
  const isSet = (name: string): boolean => env[name]?.toLowerCase() === "true";
  const choice = { useFipsEndpoint: isSet("AWS_USE_FIPS_ENDPOINT"), useDualstackEndpoint: isSet("AWS_USE_DUALSTACK_ENDPOINT") };
  if (isSet("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")) return choice;
  const name = [`AWS_ENDPOINT_URL_${service}`, "AWS_ENDPOINT_URL"].find((candidate) => env[candidate]);
  if (name === undefined) return choice;
  const endpoint = env[name]!;
  if (!/^https?:\/\//i.test(endpoint) || !URL.canParse(endpoint))
    throw invalidConfiguration(`${name} is no URL`, `Correct it or take it away: unset ${name}`);
  return { ...choice, endpoint };
}
