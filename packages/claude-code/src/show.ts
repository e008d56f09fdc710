import { createRedactor, type Redactor } from "@keyspring/core";
import { createTwoFilesPatch } from "diff";
import { valueOf } from "./json-text.ts";

/** Names whose values are secrets, whatever they look like. */
const SECRET_NAME = /key|secret|token|passw|auth(?!refresh)|credential(?!export)|headers|cookie/i;
const MASK = "[redacted]";
/** Of a difference that only people read. */
const LONGEST_LINE = 1000;

/** Unified diff of two settings texts, with every value masked that belongs to a secret's name; empty if they are alike. */
export function unifiedDiff(path: string, before: string | undefined, after: string | undefined): string {
  if (before === after) return "";
  // Masked afterwards, line by line: masking first would hide that a secret changed.
  const [from, to] = [before === undefined ? "/dev/null" : path, after === undefined ? "/dev/null" : path];
  const redactor = redactorOf(before, after);
  const patch = createTwoFilesPatch(from, to, before ?? "", after ?? "", undefined, undefined, { context: 3 });
  return patch
    .replace(/^=+\r?\n/, "")
    .split("\n")
    .map((line) => maskLine(line, redactor))
    .join("\n");
}

/** Knows every text that stands under a secret's name, however the lines are broken. */
function redactorOf(...texts: readonly (string | undefined)[]): Redactor {
  const redactor = createRedactor();
  const learn = (value: unknown, isSecret: boolean): void => {
    if (typeof value === "string" && isSecret) redactor.add(value);
    if (typeof value !== "object" || value === null) return;
    for (const [name, inner] of Object.entries(value)) learn(inner, isSecret || SECRET_NAME.test(name));
  };
  for (const text of texts) learn(valueOf(text ?? ""), false);
  return redactor;
}

/** One value for people: JSON, masked if its name is a secret's. */
export function shown(key: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const name = key.split(".").at(-1)!;
  if (key.startsWith("env.") && SECRET_NAME.test(name)) return MASK;
  return createRedactor().redact(typeof value === "string" ? value : JSON.stringify(value));
}

function maskLine(whole: string, redactor: Redactor): string {
  const line = whole.length > LONGEST_LINE ? `${whole.slice(0, LONGEST_LINE)} …` : whole;
  // A text that the cut left open counts too.
  const pairs = /"((?:[^"\\]|\\.)*)"(\s*:\s*)"(?:[^"\\]|\\.)*(?:"|$)/g;
  const masked = line.replace(pairs, (pair: string, name: string, colon: string) =>
    SECRET_NAME.test(name) ? `"${name}"${colon}"${MASK}"` : pair,
  );
  return redactor.redact(masked);
}
