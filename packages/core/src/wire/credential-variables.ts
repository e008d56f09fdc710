/**
 * Variables by which AWS SDKs and tools find credentials, or a way to them. A child that must find exactly one identity, or obtain one
 * on its own, gets none of them from its parent. Upper-case `AWS_BEARER_TOKEN_<SERVICE>` belongs to them, too.
 */
export const CREDENTIAL_VARIABLES: readonly string[] = [
  "AWS_ACCESS_KEY_ID",
  "AWS_ACCESS_KEY",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SECRET_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_SECURITY_TOKEN",
  "EC2_SECURITY_TOKEN",
  "AWS_CREDENTIAL_EXPIRATION",
  "AWS_SESSION_EXPIRATION",
  "AWS_CREDENTIAL_FILE",
  "AWS_ACCOUNT_ID",
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_SDK_LOAD_CONFIG",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_ROLE_ARN",
  "AWS_ROLE_SESSION_NAME",
];

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment without any variable that leads to AWS credentials. Names are compared without case, as Windows does. */
export function withoutCredentialVariables(env: Environment): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !leadsToCredentials(name.toUpperCase())));
}

function leadsToCredentials(name: string): boolean {
  return CREDENTIAL_VARIABLES.includes(name) || name.startsWith("AWS_BEARER_TOKEN_");
}
