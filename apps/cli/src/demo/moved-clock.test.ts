import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createMovedClock } from "./moved-clock.ts";

const HOUR = 3_600_000;
let folder: string | undefined;
afterEach(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

test("an hour passes: for this process, for AWS, and for every program that is given the environment", async () => {
  folder = await mkdtemp(join(tmpdir(), "keyspring clock "));
  const odd = join(folder, 'a "quoted" folder');
  await mkdir(odd);
  const skews: number[] = [];
  const aws = {
    setClockSkew: async ({ milliseconds }: { milliseconds: number }): Promise<void> => void skews.push(milliseconds),
  };
  const clock = await createMovedClock(odd, Date, aws);
  await clock.pass(HOUR);
  await clock.pass(HOUR);
  expect(skews).toEqual([HOUR, 2 * HOUR]);
  expect(clock.now() - Date.now()).toBeGreaterThan(2 * HOUR - 1000);
  const script =
    "console.log(JSON.stringify([Date.now(), new Date().getTime(), new Date(5).getTime(), new Date() instanceof Date]))";
  const answer = execFileSync(process.execPath, ["-e", script], { env: { ...process.env, ...clock.env }, encoding: "utf8" });
  const [now, constructed, given, instance] = JSON.parse(answer) as [number, number, number, boolean];
  for (const moment of [now, constructed]) expect(Math.abs(moment - Date.now() - 2 * HOUR)).toBeLessThan(60_000);
  expect([given, instance]).toEqual([5, true]);
});
