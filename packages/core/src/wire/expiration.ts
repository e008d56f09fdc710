import { invalidOutput } from "./problem.ts";

const ISO = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?$/i;
const EARLIEST = Date.UTC(2000, 0);
const LATEST = Date.UTC(2200, 0);
/** Between these two the same number can be told to be seconds or milliseconds: 10^11 s is the year 5138, 10^11 ms is 1973. */
const MILLISECONDS_FROM = 1e11;

/**
 * The moment a field names: ISO 8601 with `Z`, an offset or a `UTC` suffix (old AWS CLI caches), or epoch seconds or milliseconds as
 * number or digits (the Identity Center portal). Absent, `null` and empty are `undefined`.
 * @throws CredentialError INVALID_OUTPUT naming the field, never its value
 */
export function parseExpiration(value: unknown, field = "Expiration"): Date | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const time = timeOf(value, field);
  if (Number.isNaN(time) || time < EARLIEST || time >= LATEST)
    throw invalidOutput(`${field} is no time between the years 2000 and 2200`, ISO_PLEASE);
  return new Date(time);
}

/** ISO 8601 in UTC with whole seconds, the form that every SDK of every age reads. Rounds down: nobody is promised more. */
export function printExpiration(expiration: Date): string {
  return `${expiration.toISOString().slice(0, 19)}Z`;
}

const ISO_PLEASE = "Have it print the time as ISO 8601 in UTC, e.g. 2026-01-01T00:00:00Z.";

function timeOf(value: unknown, field: string): number {
  if (typeof value === "number") return fromEpoch(value);
  if (typeof value !== "string") throw invalidOutput(`${field} is neither a text nor a number`, ISO_PLEASE);
  const text = value.trim();
  if (/^\d{9,13}(?:\.\d{1,9})?$/.test(text)) return fromEpoch(Number(text));
  const parts = ISO.exec(text);
  if (parts === null) throw invalidOutput(`${field} is no ISO 8601 time`, ISO_PLEASE);
  if (parts[8] === undefined) throw invalidOutput(`${field} says no time zone: SDKs would read it differently`, ISO_PLEASE);
  return fromIso(parts);
}

function fromEpoch(value: number): number {
  return Math.floor(value >= MILLISECONDS_FROM ? value : value * 1000);
}

function fromIso([, year, month, day, hour, minute, second = "0", fraction = "", zone = "Z"]: readonly (
  | string
  | undefined
)[]): number {
  const fields = [Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)] as const;
  const local = new Date(Date.UTC(...fields));
  const rolledOver =
    local.getUTCMonth() !== fields[1] ||
    local.getUTCDate() !== fields[2] ||
    local.getUTCHours() !== fields[3] ||
    fields[4] > 59 ||
    fields[5] > 59;
  if (rolledOver) return Number.NaN;
  const offset = /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
  const minutes = offset === null ? 0 : Number(offset[2]) * 60 + Number(offset[3] ?? 0);
  if (minutes > 15 * 60) return Number.NaN;
  const shift = minutes * 60_000 * (offset?.[1] === "-" ? -1 : 1);
  return local.getTime() - shift + Number(fraction.padEnd(3, "0").slice(0, 3));
}
