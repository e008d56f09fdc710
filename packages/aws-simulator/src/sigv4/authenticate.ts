import { createHash, timingSafeEqual } from "node:crypto";
import type { Call } from "../http/call.ts";
import { isDenied, type AccessKey } from "../state/iam.ts";
import { computeSignature } from "./compute.ts";
import { parseSignature, timeOf, type ClaimedSignature } from "./parse.ts";
import type { SignatureRefusals } from "./refusals.ts";

/** What a signed request is about, beyond its bytes. */
export interface Authentication {
  /** As in the credential scope: `bedrock`, `sts`. */
  readonly signingName: string;
  /** IAM's name of what is asked for, e.g. `bedrock:InvokeModel`; absent for what needs no permission. */
  readonly action?: string;
  readonly refusals: SignatureRefusals;
}

/** AWS takes signatures this many milliseconds old or early. */
const TOLERATED_SKEW = 5 * 60_000;
const UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

/**
 * Who signed this request.
 * @throws ServiceError as AWS answers: unsigned, malformed, wrong scope, wrong time, unknown key, wrong signature, expired, revoked
 */
export async function authenticate(call: Call, { signingName, action, refusals }: Authentication): Promise<AccessKey> {
  const claimed = parseSignature(call);
  if (claimed === "missing") throw refusals.missing();
  if (claimed === "incomplete") throw refusals.incomplete();
  call.entry.accessKeyId = claimed.accessKeyId;
  checkScope(claimed, signingName, refusals);
  checkTime(call, claimed, refusals);

  const key = call.world.iam.keys.get(claimed.accessKeyId);
  if (key === undefined || key.sessionToken !== claimed.sessionToken) throw refusals.unknownKey();
  await checkSignature(call, claimed, key, refusals);
  call.entry.principal = key.principal.arn;
  call.entry.source = key.origin;

  const expired = key.expiresAt !== undefined && call.world.clock.now() >= key.expiresAt;
  if (expired || key.revoked === "expired") throw refusals.expired();
  if (key.revoked === "unrecognized") throw refusals.unknownKey();
  if (action !== undefined && (key.revoked === "access-denied" || isDenied(key.principal, action))) {
    throw refusals.denied(key.principal.arn, action, key.revoked !== undefined);
  }
  return key;
}

function checkScope(claimed: ClaimedSignature, signingName: string, refusals: SignatureRefusals): void {
  if (claimed.service !== signingName) {
    throw refusals.wrongSignature(`Credential should be scoped to correct service: '${signingName}'.`);
  }
  if (!/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(claimed.region))
    throw refusals.wrongSignature("Credential should be scoped to a valid region.");
  if (!claimed.longDate.startsWith(claimed.date)) {
    const words = `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${claimed.date}'.`;
    throw refusals.wrongSignature(words);
  }
}

/** As AWS prints times in its refusals: `20261122T120000Z`. */
function shown(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d+/g, "");
}

function checkTime(call: Call, claimed: ClaimedSignature, refusals: SignatureRefusals): void {
  const now = call.world.clock.wall();
  const signed = timeOf(claimed.longDate);
  if (signed > now + TOLERATED_SKEW) {
    throw refusals.skewed(
      `Signature not yet current: ${claimed.longDate} is still later than ${shown(now + TOLERATED_SKEW)} (${shown(now)} + 5 min.)`,
    );
  }
  if (claimed.expiresIn !== undefined) {
    if (now > signed + claimed.expiresIn * 1000) throw refusals.presignedExpired();
  } else if (signed < now - TOLERATED_SKEW) {
    throw refusals.skewed(
      `Signature expired: ${claimed.longDate} is now earlier than ${shown(now - TOLERATED_SKEW)} (${shown(now)} - 5 min.)`,
    );
  }
}

async function checkSignature(
  call: Call,
  claimed: ClaimedSignature,
  key: AccessKey,
  refusals: SignatureRefusals,
): Promise<void> {
  // HTTP/2 has `:authority` in the place of `Host`, and the JavaScript SDK signs that.
  if (!claimed.signedHeaders.some((name) => name === "host" || name === ":authority"))
    throw refusals.wrongSignature("'Host' must be a 'SignedHeader' in the Authorization.");
  const actual = createHash("sha256").update(call.body).digest("hex");
  const declared = call.headers["x-amz-content-sha256"];
  if (declared !== undefined && declared !== actual && declared !== UNSIGNED_PAYLOAD) {
    throw refusals.wrongSignature("The provided 'x-amz-content-sha256' header does not match what was computed.");
  }
  const { method, path, query, headers } = call;
  // Presigned requests say nowhere which of the two they mean.
  const hashes = claimed.expiresIn === undefined ? [declared ?? actual] : [actual, UNSIGNED_PAYLOAD];
  const expected = await Promise.all(
    hashes.map((payloadHash) => computeSignature({ method, path, query, headers, payloadHash }, claimed, key.secretAccessKey)),
  );
  if (!expected.some((signature) => sameText(signature, claimed.signature))) throw refusals.wrongSignature();
}

export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  // Bytes, not characters: a header may hold what is no ASCII.
  return left.length === right.length && timingSafeEqual(left, right);
}
