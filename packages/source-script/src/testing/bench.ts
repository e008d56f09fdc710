import {
  checkOptions,
  silentLog,
  type CredentialRequest,
  type CredentialSource,
  type Interaction,
  type Log,
  type Platform,
} from "@keyspring/core";
import { fakeIdentity, fakeNotes } from "@keyspring/core/testing";
import { SCRIPT_OPTION_KEYS } from "../options.ts";
import { scriptPlugin } from "../plugin.ts";

/** A source as the command line would make it: options through the schema. */
export async function scriptSource(platform: Platform, options: object, log: Log = silentLog): Promise<CredentialSource> {
  const checked = await checkOptions(scriptPlugin.options, options, "organizations.acme.options", SCRIPT_OPTION_KEYS);
  return scriptPlugin.create(checked, { profile: "acme", platform, log, notes: fakeNotes(), chain: ["outer", "acme"] });
}

export const request: CredentialRequest = { profile: "acme", reason: "absent", signal: new AbortController().signal };

export function flatJson(end: Date, n = 1): string {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = fakeIdentity(end, n);
  return JSON.stringify({
    Version: 1,
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: expiration,
  });
}

/** Writes down what a person would have seen. */
export function fakeInteraction(terminal = false): Interaction & { readonly said: string[]; readonly shown: unknown[] } {
  const said: string[] = [];
  const shown: unknown[] = [];
  return {
    said,
    shown,
    terminal,
    show: async (prompt) => void shown.push(prompt),
    say: (line) => void said.push(line),
    openBrowser: async () => {
      throw new Error("opened a browser");
    },
  };
}

export function keepingLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (message: string, facts?: object): void => void lines.push(`${message} ${JSON.stringify(facts)}`);
  return { lines, debug: keep, info: keep, warn: keep, error: keep };
}
