import type { Finding, SettingsChange } from "@keyspring/claude-code";

/** Longer values are cut for people; `--json` and the file itself have them whole. */
const LONGEST = 160;

/** What is shown of a value: enough to know it again. */
export function short(value: string): string {
  return value.length > LONGEST ? `${value.slice(0, LONGEST - 1)}…` : value;
}

/** One line per key. */
export function changeLines(changes: readonly SettingsChange[]): string {
  return changes
    .filter(({ kind }) => kind !== "unchanged")
    .map(({ key, kind, from: before, to: after }) => {
      const [from, to] = [before, after].map((value) => short(value ?? ""));
      if (kind === "added") return `  ${key} = ${to}\n`;
      if (kind === "removed") return `  ${key} removed (was ${from})\n`;
      return `  ${key} = ${to} (was ${from})\n`;
    })
    .join("");
}

const MARK = { error: "✘", warning: "⚠", info: "·" } as const;

/** What is so, why it matters, what to type. `indent`: what stands before each line. */
export function findingLines(findings: readonly Finding[], indent = ""): string {
  return findings
    .map(
      ({ severity, what, why, remedy }) => `${indent}${MARK[severity]} ${what}\n${indent}    ${why}\n${indent}    ${remedy}\n`,
    )
    .join("");
}

/** The same as notes, which get their line ends later. */
export function findingNotes(findings: readonly Finding[]): string[] {
  return findings.map((finding) => findingLines([finding]).trimEnd());
}
