import { existsSync } from "node:fs";
import { join } from "node:path";

/** The released Claude Code that the tests run, pinned by what the registry said of it when it was tried. */
export const CLAUDE_CODE = {
  package: "@anthropic-ai/claude-code-linux-x64",
  version: "2.1.330",
  integrity: "sha512-9Gn+V7DtJ8M1nztP9CeDVl9g3RtrepI7rOFTyPRRnZe8D6zebIHKmC7OvBauucuAP0X0k85SDN/LPVZyjsGezQ==",
} as const;

/** The oldest that Keyspring says it works under. Tried where that costs little. */
export const OLDEST_CLAUDE_CODE = {
  package: "@anthropic-ai/claude-code-linux-x64",
  version: "2.1.206",
  integrity: "sha512-LDnlSRGwOYv7Xmy3MOD16oB10bhujrt1OF1/JYwzYt/SwwyKlN6avPYGE6Eipy1yDymHlw8Q2UcBhqKP3L0+qg==",
} as const;

export interface PinnedClaudeCode {
  readonly package: string;
  readonly version: string;
  readonly integrity: string;
}

/** Where `tools/fetch-claude-code.ts` puts it. */
export function claudeCodeFolder({ version }: PinnedClaudeCode): string {
  return join(import.meta.dirname, "../../.cache/claude-code", version);
}

/** The program, or `undefined` if it is not here. */
export function claudeCodeBinary(pinned: PinnedClaudeCode): string | undefined {
  const named = pinned === CLAUDE_CODE ? process.env["KEYSPRING_CLAUDE_BIN"] : undefined;
  const path = named ?? join(claudeCodeFolder(pinned), "node_modules", pinned.package, "claude");
  return existsSync(path) ? path : undefined;
}
