import type { Call } from "../http/call.ts";

/** What a signed request says about its signature: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html */
export interface ClaimedSignature {
  readonly accessKeyId: string;
  /** `20261122` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  /** `20261122T120000Z` */
  readonly longDate: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly sessionToken: string | undefined;
  /** Seconds; presigned requests only. */
  readonly expiresIn: number | undefined;
}

export const ALGORITHM = "AWS4-HMAC-SHA256";
/** Seconds: a week. */
const LONGEST_PRESIGNED = 604_800;

/** `missing`: no sign of a signature; `incomplete`: parts of one. */
export function parseSignature(call: Pick<Call, "headers" | "query">): ClaimedSignature | "missing" | "incomplete" {
  const authorization = call.headers["authorization"];
  if (authorization === undefined) return call.query.has("X-Amz-Algorithm") ? parsePresigned(call.query) : "missing";
  if (!authorization.startsWith(`${ALGORITHM} `)) return "incomplete";
  const parts = new Map<string, string>();
  for (const part of authorization.slice(ALGORITHM.length).split(",")) {
    const at = part.indexOf("=");
    if (at > 0) parts.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
  }
  return assemble({
    credential: parts.get("Credential"),
    signedHeaders: parts.get("SignedHeaders"),
    signature: parts.get("Signature"),
    longDate: call.headers["x-amz-date"],
    sessionToken: call.headers["x-amz-security-token"],
    expiresIn: undefined,
  });
}

function parsePresigned(query: URLSearchParams): ClaimedSignature | "incomplete" {
  const get = (name: string): string | undefined => query.get(name) ?? undefined;
  const expiresIn = Number(get("X-Amz-Expires"));
  if (get("X-Amz-Algorithm") !== ALGORITHM || !Number.isInteger(expiresIn)) return "incomplete";
  if (expiresIn < 1 || expiresIn > LONGEST_PRESIGNED) return "incomplete";
  return assemble({
    credential: get("X-Amz-Credential"),
    signedHeaders: get("X-Amz-SignedHeaders"),
    signature: get("X-Amz-Signature"),
    longDate: get("X-Amz-Date"),
    sessionToken: get("X-Amz-Security-Token"),
    expiresIn,
  });
}

function assemble(parts: {
  credential: string | undefined;
  signedHeaders: string | undefined;
  signature: string | undefined;
  longDate: string | undefined;
  sessionToken: string | undefined;
  expiresIn: number | undefined;
}): ClaimedSignature | "incomplete" {
  const { credential, signedHeaders, signature, longDate, sessionToken, expiresIn } = parts;
  if (credential === undefined || signedHeaders === undefined || signature === undefined) return "incomplete";
  if (longDate === undefined || !/^\d{8}T\d{6}Z$/.test(longDate)) return "incomplete";
  const [accessKeyId, date, region, service, terminator, ...more] = credential.split("/");
  if (!accessKeyId || !date || !region || !service || terminator !== "aws4_request" || more.length > 0) return "incomplete";
  return {
    accessKeyId,
    date,
    region,
    service,
    longDate,
    signedHeaders: signedHeaders.split(";"),
    signature,
    sessionToken,
    expiresIn,
  };
}

/** Milliseconds since the epoch of `20261122T120000Z`. */
export function timeOf(longDate: string): number {
  return Date.parse(longDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}
