/**
 * Milliseconds since the epoch of a time in a cache file; `undefined` if it is none. Written by the AWS CLI as `2026-01-01T00:00:00Z`,
 * by its older versions with `UTC` for `Z`, by the JavaScript SDK with milliseconds. Without a zone it means UTC.
 */
export function parseAwsTime(text: unknown): number | undefined {
  if (typeof text !== "string") return undefined;
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)(?:Z|UTC|([+-]\d\d):?(\d\d))?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, time, hours, minutes] = match;
  const milliseconds = Date.parse(`${time}${hours === undefined ? "Z" : `${hours}:${minutes}`}`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/** As the AWS CLI writes it, whole seconds. */
export function formatAwsTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, "Z");
}
