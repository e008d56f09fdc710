import type { Platform } from "@keyspring/core";
import type { SsoOptions } from "./options.ts";

type Digest = Pick<Platform, "digest">;

/** Name of the token cache file: SHA-1 of the session's name or, without one, of the start URL exactly as written. */
export function tokenKey(options: Pick<SsoOptions, "start_url" | "session">, { digest }: Digest): string {
  return digest("sha1", options.session ?? options.start_url);
}

/**
 * Name of the client registration's cache file: SHA-1 of what Python's `json.dumps(…, sort_keys=True)` makes of the five values, so that
 * the AWS CLI and Keyspring use one registration.
 */
export function registrationKey(
  options: Pick<SsoOptions, "start_url" | "region" | "scopes" | "session">,
  { digest }: Digest,
): string {
  const scopes = `[${options.scopes.map(pythonString).join(", ")}]`;
  const session = options.session === undefined ? "null" : pythonString(options.session);
  const text =
    `{"region": ${pythonString(options.region)}, "scopes": ${scopes}, "session_name": ${session}, ` +
    `"startUrl": ${pythonString(options.start_url)}, "tool": "botocore"}`;
  return digest("sha1", text);
}

/** Python escapes all that is not printable ASCII, JavaScript only what JSON demands. */
function pythonString(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
