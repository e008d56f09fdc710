import { invalidOutput, shownNames } from "./problem.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * One JSON object and nothing else (white space and a byte-order mark around it allowed).
 * @throws CredentialError INVALID_OUTPUT that shows nothing of the text
 */
export function parseObject(text: string, what = "the output"): JsonObject {
  const trimmed = text.trim();
  if (trimmed === "") throw invalidOutput(`${what} is empty`);
  let value: unknown;
  try {
    value = JSON.parse(trimmed);
  } catch {
    // The parser's own message quotes the text, which may be a secret.
    throw invalidOutput(trimmed.startsWith("{") ? `${what} is no valid JSON` : `${what} does not begin with a JSON object`);
  }
  if (!isObject(value)) throw invalidOutput(`${what} is JSON, but no object`);
  return value;
}

/** `(it has the keys A, B)`, for messages about an object that lacks something. */
export function keysOf(object: JsonObject): string {
  const names = shownNames(Object.keys(object));
  return names === "" ? "" : ` (its keys: ${names})`;
}
