import type { Finding, SettingsChange } from "@keyspring/claude-code";

/** One line per key. */
export function changeLines(changes: readonly SettingsChange[]): string {
  return changes
    .filter(({ kind }) => kind !== "unchanged")
    .map(({ key, kind, from, to }) => {
      if (kind === "added") return `  ${key} = ${to}\n`;
      if (kind === "removed") return `  ${key} removed (was ${from})\n`;
      return `  ${key} = ${to} (was ${from})\n`;
    })
    .join("");
}

const MARK = { error: "✘", warning: "⚠", info: "·" } as const;

/** What is so, why it matters, what to type. */
export function findingLines(findings: readonly Finding[]): string {
  return findings.map(({ severity, what, why, remedy }) => `${MARK[severity]} ${what}\n    ${why}\n    ${remedy}\n`).join("");
}
