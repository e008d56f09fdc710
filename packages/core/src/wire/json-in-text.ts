import { isObject, type JsonObject } from "./json.ts";

/** Characters looked at in all before giving up on a text of countless braces. */
const BUDGET = 16_000_000;

/**
 * The JSON objects that stand in a text among banners and log lines, outermost ones only, in order. What only looks like JSON is
 * passed over.
 */
export function jsonObjectsIn(text: string): JsonObject[] {
  const whole = parsed(text.trim());
  if (whole !== undefined) return whole;
  const found: JsonObject[] = [];
  let budget = BUDGET;
  for (let at = text.indexOf("{"); at !== -1 && budget > 0;) {
    const end = endOfObject(text, at);
    budget -= (end ?? text.length) - at;
    const objects = end === undefined ? undefined : parsed(text.slice(at, end));
    if (objects !== undefined) found.push(...objects);
    at = text.indexOf("{", objects === undefined ? at + 1 : end);
  }
  return found;
}

function parsed(text: string): JsonObject[] | undefined {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter(isObject) : isObject(value) ? [value] : undefined;
  } catch {
    return undefined;
  }
}

/** Past the brace that closes the one at `start`; braces in strings do not count. */
function endOfObject(text: string, start: number): number | undefined {
  const marks = /["{}]/g;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    if (mark[0] === '"') {
      const close = endOfString(text, mark.index);
      if (close === undefined) return undefined;
      marks.lastIndex = close;
    } else {
      depth += mark[0] === "{" ? 1 : -1;
      if (depth === 0) return mark.index + 1;
    }
  }
  return undefined;
}

function endOfString(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text[at];
    if (char === "\\") at += 1;
    else if (char === '"') return at + 1;
    else if (char === "\n") return undefined; // JSON strings end on their line; what follows may still be whole.
  }
  return undefined;
}
