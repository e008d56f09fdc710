import { withoutSecretShapes } from "./redact.ts";

const ESCAPES = new RegExp(
  String.raw`\u001b\[[0-?]{0,64}[ -/]{0,8}[@-~]|\u001b\][^\u0007\u001b\n]*(?:\u0007|\u001b\\)|\u001b[@-Z\\-_]`,
  "g",
);
const CONTROLS = new RegExp(String.raw`[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]`, "g");

/** The text without what only terminals understand: colours, titles, links, moves of the cursor. */
export function withoutTerminalCodes(text: string): string {
  return text.replaceAll(ESCAPES, "");
}

/**
 * A line of another program, fit to be shown: no terminal codes or other control characters, every secret shape masked, at most
 * `longest` characters.
 */
export function shownLine(line: string, longest = 300): string {
  const clean = withoutSecretShapes(withoutTerminalCodes(line).replaceAll(CONTROLS, "").replaceAll(/\s+/g, " ").trim());
  return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean;
}

/** The last lines that say anything, each fit to be shown, oldest first. */
export function shownTail(text: string, count: number): string[] {
  return text
    .slice(-65_536)
    .split(/[\r\n]+/)
    .map((line) => shownLine(line))
    .filter((line) => line !== "")
    .slice(-count);
}
