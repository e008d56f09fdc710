import { silentLog, type Interaction, type Notes } from "@keyspring/core";
import { fakeNotes, fakePlatform } from "@keyspring/core/testing";
import type { ProfileSelection } from "@keyspring/host";
import { expect, test } from "vitest";
import { createTargets } from "./targets.ts";

const NOBODY: Interaction = { show: async () => {}, say: () => {}, openBrowser: async () => false, terminal: false };

function selection(name: string, session: string): ProfileSelection {
  const options = { session, start_url: "https://acme.awsapps.com/start", region: "eu-west-1" };
  return { name, chosenBy: "flag", source: "sso", options, claude: { env: {} }, origins: {}, warnings: [] };
}

/** Where the source of each profile looks for a sign-in that somebody else began. */
async function scopesAsked(...selections: ProfileSelection[]): Promise<string[]> {
  const asked: string[] = [];
  const notes = (scope: string): Notes => ({ ...fakeNotes(), read: async () => void asked.push(scope) });
  const targets = createTargets({ platform: fakePlatform(), log: silentLog, notes });
  for (const one of selections) {
    const { source, profile } = await targets.of(one);
    const request = { profile, reason: "absent", signal: AbortSignal.abort() } as const;
    await expect(source.signIn!(request, NOBODY)).rejects.toThrow();
  }
  return asked;
}

test("profiles of one sign-in share its notes, so that a second one goes on with the same code", async () => {
  const [dev, prod, other] = await scopesAsked(selection("dev", "acme"), selection("prod", "acme"), selection("else", "other"));
  expect(prod).toBe(dev);
  expect(other).not.toBe(dev);
});
