import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, type TestContext } from "vitest";
import { claudeHouse, describeClaudeCode, type ClaudeHouse } from "../lib/claude-code.ts";
import { missingProgram } from "../lib/needs.ts";
import { shiftedClock } from "../lib/shifted-clock.ts";
import { signIn } from "../lib/signed-in.ts";
import type { Terminal } from "../lib/tmux.ts";

const MINUTE = 60_000;
const LONG = { timeout: 4 * MINUTE };

/** What a person would see of trouble with credentials. */
const TROUBLE = /AWS authentication failed|API Error|retrying|keyspring login|Sign in at|invalid|expired/i;

describeClaudeCode(
  "expiry in mid-session",
  () => {
    it.concurrent(
      "1-minute role credentials, prompts for two and a half minutes: every one is answered",
      LONG,
      async (test) => {
        const house = await claudeHouse({ simulator: { settings: { roleLifetime: MINUTE } }, onFinished: test.onTestFinished });
        await signIn(house);
        await house.apply("--profile", "acme");
        const terminal = house.session();
        await terminal.shows("❯");
        const end = Date.now() + 2.5 * MINUTE;
        for (let count = 1; Date.now() < end; count += 1) {
          await ask(house, terminal, `prompt number ${count}`);
          await sleep(12_000);
        }
        const keys = await keysUsed(house);
        expect(keys.size).toBeGreaterThanOrEqual(3);
        // Claude Code refreshes nothing ahead that lives for less than six minutes: each set's end costs it one refused request.
        expect(await refusals(house)).toBeLessThan(keys.size);
        expect(await house.simulator.control.counts()).toMatchObject({ "sso-oidc/StartDeviceAuthorization": 1 });
      },
    );

    // Here the clocks of Claude Code, Keyspring and AWS are moved on between the prompts.
    it.concurrent.for([
      { lifetime: 10, pause: 2, prompts: 24 },
      { lifetime: 60, pause: 2, prompts: 62 },
    ])("$lifetime-minute role credentials, a prompt every $pause minutes: no request fails", LONG, async (given, test) => {
      const { lifetime, pause, prompts } = given;
      const house = await conversation(given, test);
      expect(await refusals(house)).toBe(0);
      expect((await keysUsed(house)).size).toBeGreaterThanOrEqual(Math.floor((prompts * pause) / lifetime));
      expect(await house.simulator.control.counts()).toMatchObject({ "sso-oidc/StartDeviceAuthorization": 1 });
    });

    it.concurrent.for([
      { lifetime: 10, pause: 25, prompts: 4 },
      { lifetime: 60, pause: 90, prompts: 4 },
    ])("$lifetime-minute role credentials, pauses of $pause minutes: every prompt is answered", LONG, async (given, test) => {
      const house = await conversation(given, test);
      // What Claude Code holds has died in each pause, unseen: it learns so from one refused request.
      expect(await refusals(house)).toBeLessThanOrEqual(given.prompts - 1);
      expect(await house.simulator.control.counts()).toMatchObject({ "sso-oidc/StartDeviceAuthorization": 1 });
    });
  },
  missingProgram("cc"),
);

/** A session with a prompt every `pause` minutes, each of which must be answered without a word about credentials. */
async function conversation(
  { lifetime, pause, prompts }: { readonly lifetime: number; readonly pause: number; readonly prompts: number },
  { onTestFinished: onFinished }: Pick<TestContext, "onTestFinished">,
): Promise<ClaudeHouse> {
  const house = await claudeHouse({ simulator: { settings: { roleLifetime: lifetime * MINUTE } }, onFinished });
  const clock = shiftedClock(house);
  await signIn(house);
  await house.apply("--profile", "acme");
  const terminal = house.session([], { env: clock.env });
  await terminal.shows("❯");
  for (let count = 1; count <= prompts; count += 1) {
    await ask(house, terminal, `prompt number ${count}`);
    await clock.advance(pause);
  }
  return house;
}

async function ask(house: ClaudeHouse, terminal: Terminal, prompt: string): Promise<void> {
  await terminal.type(prompt);
  expect(await terminal.shows(`You said: ${prompt}`)).not.toMatch(TROUBLE);
  // Claude Code may refresh beside the prompt: seconds of the machine must not count as the minutes of the test.
  while (house.runs().some(({ ended }) => !ended)) await sleep(50);
}

async function keysUsed(house: ClaudeHouse): Promise<Set<string | undefined>> {
  return new Set((await house.bedrock()).filter(({ outcome }) => outcome === "ok").map(({ accessKeyId }) => accessKeyId));
}

async function refusals(house: ClaudeHouse): Promise<number> {
  const refused = (await house.bedrock()).filter(({ outcome }) => outcome !== "ok");
  console.log(`${refused.length} refused: ${refused.map(({ outcome, operation }) => `${operation} ${outcome}`).join(", ")}`);
  return refused.length;
}
