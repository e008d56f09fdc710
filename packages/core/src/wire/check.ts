import { formatDuration } from "../duration.ts";
import type { AwsCredentialIdentity } from "../identity.ts";
import { CAMEL, identityFrom } from "./fields.ts";
import { isObject } from "./json.ts";
import { invalidOutput } from "./problem.ts";

/**
 * What a source answered, checked: the resolver trusts no source. Non-empty access key id and secret of clean characters, a session
 * token where the key is temporary, an expiration that is a valid `Date` later than `now`. Unknown fields are dropped.
 * @param now milliseconds since the epoch
 * @throws CredentialError INVALID_OUTPUT naming the field or the age, never a value
 */
export function checkedIdentity(value: unknown, now: number): AwsCredentialIdentity {
  if (!isObject(value)) throw invalidOutput("the source answered no credentials", AUTHOR);
  const { expiration } = value;
  if (expiration !== undefined && (!isDate(expiration) || Number.isNaN(expiration.getTime())))
    throw invalidOutput("expiration is no valid Date", AUTHOR);
  const { expiration: _unread, ...rest } = value;
  const identity = {
    ...identityFrom(rest, CAMEL, "the source's answer"),
    ...(expiration !== undefined && { expiration: new Date(expiration) }),
  };
  refuseExpired(identity, now);
  return identity;
}

/** @throws CredentialError INVALID_OUTPUT saying how long ago the credentials ended */
function refuseExpired({ expiration }: AwsCredentialIdentity, now: number): void {
  if (expiration === undefined || expiration.getTime() > now) return;
  const age = formatDuration(now - expiration.getTime());
  throw invalidOutput(
    `the credentials expired ${age} ago`,
    "Have the source obtain new ones each time it is asked; if it does, compare this machine's clock (`date -u`) with the true time.",
  );
}

const AUTHOR = "Report this to the source's author.";

function isDate(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === "[object Date]" && typeof (value as Date).getTime === "function";
}
