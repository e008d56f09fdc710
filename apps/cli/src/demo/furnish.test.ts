import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startSimulator, type Simulator } from "@keyspring/aws-simulator";
import { parseAnyCredentials } from "@keyspring/core";
import { fakePlatform } from "@keyspring/core/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { furnish, ORGANIZATIONS } from "./furnish.ts";

let home: string;
let simulator: Simulator;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "keyspring-furnish-"));
  simulator = await startSimulator({ organizations: ORGANIZATIONS });
});
afterEach(async () => {
  await simulator.stop();
  await rm(home, { recursive: true, force: true });
});

async function globexCommand(): Promise<string[]> {
  const config = await readFile(join(home, ".config/keyspring/config.toml"), "utf8");
  return JSON.parse(/^command = (\[.*\])$/m.exec(config)![1]!) as string[];
}

test("Linux: Globex's script is a program of its own and gives credentials", async () => {
  await furnish(fakePlatform(), home, simulator);
  expect(await globexCommand()).toEqual([join(home, "bin/generate_aws_grant.sh")]);
  expect(await run(join(home, "bin/generate_aws_grant.sh"))).toMatch(/^ASIA/);
});

test("Windows, which runs no script by its first line: Node is named with it", async () => {
  await furnish(fakePlatform({ os: "win32" }), home, simulator);
  const [node, script] = await globexCommand();
  expect(node).toBe("/usr/bin/node");
  expect(await run(script!)).toMatch(/^ASIA/);
});

/** Not synchronously: the simulator that it asks runs in this process. */
async function run(script: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 20_000 });
  return parseAnyCredentials(stdout).identity.accessKeyId;
}
