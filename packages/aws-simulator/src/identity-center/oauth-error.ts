import { ServiceError } from "../http/error.ts";
import type { Service } from "../http/service.ts";

/** Every error of SSO-OIDC: OAuth's word, the SDKs' exception, the HTTP status. From the service model `sso-oidc` of 2019-06-10. */
const OAUTH_ERRORS = {
  access_denied: { exception: "AccessDeniedException", status: 400 },
  authorization_pending: { exception: "AuthorizationPendingException", status: 400 },
  expired_token: { exception: "ExpiredTokenException", status: 400 },
  invalid_client: { exception: "InvalidClientException", status: 401 },
  invalid_client_metadata: { exception: "InvalidClientMetadataException", status: 400 },
  invalid_grant: { exception: "InvalidGrantException", status: 400 },
  invalid_redirect_uri: { exception: "InvalidRedirectUriException", status: 400 },
  invalid_request: { exception: "InvalidRequestException", status: 400 },
  invalid_scope: { exception: "InvalidScopeException", status: 400 },
  server_error: { exception: "InternalServerException", status: 500 },
  slow_down: { exception: "SlowDownException", status: 400 },
  unauthorized_client: { exception: "UnauthorizedClientException", status: 400 },
  unsupported_grant_type: { exception: "UnsupportedGrantTypeException", status: 400 },
} as const;

export type OauthErrorName = keyof typeof OAUTH_ERRORS;

export function oauthError(name: OauthErrorName, description: string): ServiceError {
  const { exception, status } = OAUTH_ERRORS[name];
  return new ServiceError(status, exception, description);
}

function oauthName(exception: string): string {
  const found = Object.entries(OAUTH_ERRORS).find(([, known]) => known.exception === exception);
  return found?.[0] ?? "server_error";
}

export const OIDC_SERVICE: Service = {
  id: "sso-oidc",
  throttled: () => new ServiceError(429, "TooManyRequestsException", "HTTP 429 Too Many Requests"),
  printError: (error) =>
    Response.json(
      { error: oauthName(error.code), error_description: error.message },
      {
        status: error.status,
        headers: { "x-amzn-ErrorType": error.code, "cache-control": "no-store", pragma: "no-cache", ...error.headers },
      },
    ),
};

/** OAuth asks that answers with tokens are never kept on the way. */
export function oauthAnswer(body: Readonly<Record<string, unknown>>): Response {
  return Response.json(body, { headers: { "cache-control": "no-store", pragma: "no-cache" } });
}
