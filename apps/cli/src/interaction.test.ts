import { fakePlatform } from "@keyspring/core/testing";
import { expect, test } from "vitest";
import { createInteraction } from "./interaction.ts";
import type { Services } from "./services.ts";

function people(outIsTerminal: boolean, canAsk = false) {
  const platform = fakePlatform();
  const written: { text: string; at: number }[] = [];
  const started = platform.clock.now();
  const services = { platform, terminal: { outIsTerminal, canAsk } } as unknown as Services;
  const write = (text: string): void => void written.push({ text, at: platform.clock.now() - started });
  return { platform, written, interaction: createInteraction(services, { browser: false, write }) };
}

const PROMPT = { url: "https://example.com/device", urlComplete: "https://example.com/device?user_code=AB", code: "AB" };

test("a pipe: one line per write, apart from each other, the address with the code in it", async () => {
  const { platform, written, interaction } = people(false);
  const shown = interaction.show({ ...PROMPT, expiration: new Date(platform.clock.now() + 600_000) });
  await platform.clock.advance(1000);
  await shown;
  expect(written.map(({ text }) => text)).toEqual([
    "Sign in at: https://example.com/device?user_code=AB\n",
    "Code: AB\n",
    "Waiting for your approval (9 min left) ...\n",
  ]);
  const [first, second, third] = written.map(({ at }) => at);
  expect(second! - first!).toBeGreaterThanOrEqual(300);
  expect(third! - second!).toBeGreaterThanOrEqual(300);
});

test("a terminal: all at once; nothing is said that is not known", async () => {
  const { written, interaction } = people(true, true);
  await interaction.show({ url: "https://example.com/device" });
  expect(written).toEqual([{ text: "Sign in at: https://example.com/device\n", at: 0 }]);
  expect(interaction.terminal).toBe(true);
});

test("no browser wanted: none is opened", async () => {
  expect(await people(true).interaction.openBrowser("https://example.com")).toBe(false);
});
