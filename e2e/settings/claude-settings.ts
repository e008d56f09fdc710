import type { House } from "../lib/house.ts";

export const USER_SETTINGS = ".claude/settings.json";

/** Claude Code's settings, as far as these tests look at them. */
export interface ClaudeSettings {
  readonly awsCredentialExport?: string;
  readonly awsAuthRefresh?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly hooks?: { readonly UserPromptSubmit?: readonly unknown[] };
  readonly [other: string]: unknown;
}

export function parseSettings(text: string): ClaudeSettings {
  const json = text.replace(/^\uFEFF/, "").trim();
  return (json === "" ? {} : JSON.parse(json)) as ClaudeSettings;
}

export function settingsOf(house: House, path: string = USER_SETTINGS): ClaudeSettings {
  return parseSettings(house.read(path));
}
