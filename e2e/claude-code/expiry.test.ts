import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { claudeHouse, describeClaudeCode, type ClaudeHouse } from "../lib/claude-code.ts";
import { missingProgram, describeWith } from "../lib/needs.ts";
import { shiftedClock } from "../lib/shifted-clock.ts";
import { signIn } from "../lib/signed-in.ts";
import type { Terminal } from "../lib/tmux.ts";

const MINUTE = 60_000;

/** What a person would see of trouble with credentials. */
const TROUBLE = /AWS authentication failed|API Error|retrying|keyspring login|Sign in at|invalid|expired/i;

describeClaudeCode("expiry in mid-session, time really passing", () => {
  it(
    "1-minute role credentials, prompts for two and a half minutes: every one is answered",
    { timeout: 4 * MINUTE },
    async () => {
      const house = await claudeHouse({ simulator: { settings: { roleLifetime: MINUTE } } });
      await signIn(house);
      await house.apply("--profile", "acme");
      const terminal = house.session();
      await terminal.shows("❯");
      const end = Date.now() + 2.5 * MINUTE;
      for (let count = 1; Date.now() < end; count += 1) {
        await ask(terminal, `prompt number ${count}`);
        await sleep(12_000);
      }
      const keys = await keysUsed(house);
      expect(keys.size).toBeGreaterThanOrEqual(3);
      // Claude Code refreshes nothing ahead that lives for less than six minutes: each set's end costs it one refused request.
      expect(await refusals(house)).toBeLessThan(keys.size);
      expect(await house.simulator.control.counts()).toMatchObject({ "sso-oidc/StartDeviceAuthorization": 1 });
    },
  );
});

describeWith("a clock that can be moved", missingProgram("cc"), () =>
  describeClaudeCode("expiry in mid-session, the clocks of Claude Code, Keyspring and AWS moved on", () => {
    it.each([
      { lifetime: 10, pause: 4, prompts: 12 },
      { lifetime: 60, pause: 4, prompts: 32 },
    ])(
      "$lifetime-minute role credentials, a prompt every $pause minutes: no request fails",
      async ({ lifetime, pause, prompts }) => {
        const { house, clock, terminal } = await movable(lifetime);
        for (let count = 1; count <= prompts; count += 1) {
          await ask(terminal, `prompt number ${count}`);
          await clock.advance(pause);
        }
        expect(await refusals(house)).toBe(0);
        expect((await keysUsed(house)).size).toBeGreaterThanOrEqual(Math.floor((prompts * pause) / lifetime));
        expect(await house.simulator.control.counts()).toMatchObject({ "sso-oidc/StartDeviceAuthorization": 1 });
      },
    );

    it.each([
      { lifetime: 10, pause: 25 },
      { lifetime: 60, pause: 90 },
    ])("$lifetime-minute role credentials, pauses of $pause minutes: every prompt is answered", async ({ lifetime, pause }) => {
      const { house, clock, terminal } = await movable(lifetime);
      const prompts = 4;
      for (let count = 1; count <= prompts; count += 1) {
        await ask(terminal, `prompt number ${count}`);
        await clock.advance(pause);
      }
      // What Claude Code holds has died in each pause, unseen: it learns so from one refused request.
      expect(await refusals(house)).toBeLessThanOrEqual(prompts - 1);
      expect(await house.simulator.control.counts()).toMatchObject({ "sso-oidc/StartDeviceAuthorization": 1 });
    });
  }),
);

async function movable(lifetime: number) {
  const house = await claudeHouse({ simulator: { settings: { roleLifetime: lifetime * MINUTE } } });
  const clock = shiftedClock(house);
  await signIn(house);
  await house.apply("--profile", "acme");
  const terminal = house.session([], { env: clock.env });
  await terminal.shows("❯");
  return { house, clock, terminal };
}

async function ask(terminal: Terminal, prompt: string): Promise<void> {
  await terminal.type(prompt);
  expect(await terminal.shows(`You said: ${prompt}`)).not.toMatch(TROUBLE);
}

async function keysUsed(house: ClaudeHouse): Promise<Set<string | undefined>> {
  return new Set((await house.bedrock()).filter(({ outcome }) => outcome === "ok").map(({ accessKeyId }) => accessKeyId));
}

async function refusals(house: ClaudeHouse): Promise<number> {
  const refused = (await house.bedrock()).filter(({ outcome }) => outcome !== "ok");
  console.log(`${refused.length} refused: ${refused.map(({ outcome, operation }) => `${operation} ${outcome}`).join(", ")}`);
  return refused.length;
}
