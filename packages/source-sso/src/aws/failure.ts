import { CredentialError, invalidConfiguration, isCredentialError } from "@keyspring/core";

const UNREADABLE = "unreadable_answer";

/**
 * How Identity Center refused, in its own code and nothing else of its text: what a service, a proxy or a captive portal writes into an
 * answer is not trusted and may repeat what was sent to it.
 */
export class ServiceError extends Error {
  /** The OAuth code (`invalid_grant`) or the exception's name in the same spelling (`unauthorized`, `forbidden`). */
  readonly code: string;
  /** HTTP status. */
  readonly status: number;

  constructor(code: string, status: number) {
    super(`Identity Center answered ${code} (HTTP ${status})`);
    this.name = "ServiceError";
    this.code = code;
    this.status = status;
  }

  /** Identity Center understood the request and refused it: asking again the same way is useless. */
  get isRefusal(): boolean {
    return this.status >= 400 && this.status < 500 && this.status !== 429 && this.code !== "slow_down" && !this.isForeign;
  }

  /** What answered is not Identity Center but something on the way to it, such as a proxy with a page of its own. */
  get isForeign(): boolean {
    return this.status < 400 || (this.code === UNREADABLE && this.status < 500);
  }
}

/** Runs a call of an AWS client; its failures come as `ServiceError`, or as `CredentialError` for network, time and configuration. */
export async function asking<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> {
  try {
    signal.throwIfAborted();
    return await call();
  } catch (error) {
    throw failureOf(error, signal);
  }
}

/** A field that an answer must have. */
export function present<T>(value: T | undefined): T {
  if (value === undefined || value === "") throw new ServiceError("incomplete_answer", 200);
  return value;
}

function failureOf(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return cancellation(signal);
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1)
    if (isCredentialError(at) || at instanceof ServiceError) return at;
  const { name, error: oauthCode, $metadata, message } = error as SdkError;
  // Its text is the SDK's own, made of the region and the switches alone.
  if (name === "EndpointError")
    return invalidConfiguration(message, "Check AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT and AWS_ENDPOINT_URL_*.");
  const status = $metadata?.httpStatusCode;
  return status === undefined ? error : new ServiceError(codeOf(name, oauthCode, status), status);
}

interface SdkError extends Error {
  readonly error?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

function codeOf(name: string, oauthCode: unknown, status: number): string {
  if (status < 400 || name === "SyntaxError") return UNREADABLE;
  const code = typeof oauthCode === "string" ? oauthCode : name.replace(/Exception$/, "");
  const spelled = code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase();
  return /^[a-z_]{2,60}$/.test(spelled) ? spelled : "unknown";
}

/** Why the caller gave up, as it said or as `CANCELLED`. */
export function cancellation(signal: AbortSignal): CredentialError {
  return isCredentialError(signal.reason) ? signal.reason : new CredentialError("CANCELLED", "it was interrupted");
}
