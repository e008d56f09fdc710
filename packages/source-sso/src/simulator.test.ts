import { execFile, spawn, type ChildProcess } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import * as readline from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startSimulator, type Simulator } from "@keyspring/aws-simulator";
import { isCredentialError } from "@keyspring/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fakePerson, request } from "./testing/bench.ts";
import { realMachine, secretsIn, type RealMachine } from "./testing/real-machine.ts";

const run = promisify(execFile);
let simulator: Simulator;
let machine: RealMachine;

beforeEach(async () => {
  simulator = await startSimulator();
  machine = await realMachine(simulator);
});
afterEach(async () => {
  await simulator.stop();
  await machine.remove();
});

const childArguments = (task: "provide" | "sign-in"): string[] => [
  "--conditions=@keyspring/source",
  "--no-warnings=ExperimentalWarning",
  fileURLToPath(new URL("testing/child.ts", import.meta.url)),
  task,
  JSON.stringify(machine.options),
];

/** Runs a process of its own to its end. */
async function inChild(task: "provide" | "sign-in"): Promise<{ lines: Record<string, unknown>[]; output: string }> {
  const { stdout, stderr } = await run(process.execPath, childArguments(task), { env: machine.env }).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  const lines = stdout.split("\n").filter(Boolean);
  return { lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>), output: stdout + stderr };
}

async function cacheFiles(): Promise<string[]> {
  return (await fs.readdir(path.dirname(machine.session.tokenFile))).toSorted();
}

test("the whole life: sign-in, credentials, silent refresh, end of the session, sign-out", async () => {
  const { control } = simulator;
  const person = fakePerson();
  const signingIn = machine.source.signIn(request(), person);
  await control.waitFor({ operation: "StartDeviceAuthorization" });
  while (person.prompts.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await control.approve({ userCode: person.prompts[0]!.code! });
  await signingIn;

  expect(await cacheFiles()).toEqual(
    [machine.session.tokenFile, machine.session.registrationFile].map((file) => path.basename(file)).toSorted(),
  );
  for (const file of [machine.session.tokenFile, machine.session.registrationFile])
    expect((await fs.stat(file)).mode & 0o777).toBe(0o600);

  const first = await machine.source.provide(request());
  expect(first).toMatchObject({ accountId: machine.options.account_id, accessKeyId: expect.stringMatching(/^ASIA/) });
  expect(first.expiration!.getTime()).toBeGreaterThan(Date.now() + 50 * 60_000);

  // An hour later for the server, not for this machine's clock: the access token is refused, the session lives.
  await control.advanceClock({ milliseconds: 61 * 60_000 });
  const before = await machine.tokenFile();
  await machine.source.provide(request());
  const after = await machine.tokenFile();
  expect(after.accessToken).not.toBe(before.accessToken);
  expect(after.refreshToken).not.toBe(before.refreshToken);

  await control.endSessions();
  await expect(machine.source.provide(request())).rejects.toMatchObject({ code: "SIGN_IN_REQUIRED" });

  await machine.source.signOut(request());
  expect(await cacheFiles()).toEqual([path.basename(machine.session.registrationFile)]);
  expect(secretsIn(JSON.stringify([person.prompts, person.lines]), await control.secrets())).toEqual([]);
}, 30_000);

test("10 processes at once with an expired token, refresh tokens that work once: one refresh, 10 answers, session alive", async () => {
  const { control } = simulator;
  await machine.putToken(await control.signIn(), -1);
  for (let round = 1; round <= 2; round += 1) {
    const children = await Promise.all(Array.from({ length: 10 }, () => inChild("provide")));
    for (const { lines } of children) expect(lines).toEqual([{ accessKeyId: expect.stringMatching(/^ASIA/) }, { done: true }]);
    expect(await control.requests({ operation: "CreateToken" })).toHaveLength(round);
    const output = children.map((child) => child.output).join("");
    expect(secretsIn(output, await control.secrets())).toEqual([]);
    // The next round redeems what this one stored: had a token been used twice, the session would be revoked.
    await machine.putToken(await machine.tokenFile(), -1);
  }
  expect((await fs.readdir(path.dirname(machine.session.tokenFile))).filter((name) => !name.endsWith(".json"))).toEqual([]);
}, 60_000);

/** The next line of a process that matches. */
async function lineOf(child: ChildProcess, key: string): Promise<Record<string, unknown>> {
  for await (const line of readline.createInterface({ input: child.stdout! })) {
    const parsed = JSON.parse(line) as Record<string, unknown>;
    if (key in parsed) return parsed;
  }
  throw new Error(`the process ended without ${key}`);
}

test("killed in mid-sign-in, resumed by another process: same address and code, one approval, one sign-in", async () => {
  const { control } = simulator;
  const child = spawn(process.execPath, childArguments("sign-in"), { env: machine.env });
  const shown = await lineOf(child, "prompt");
  await control.waitFor({ operation: "CreateToken" });
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("exit", resolve));

  const { code } = shown["prompt"] as { code: string };
  const resumed = inChild("sign-in");
  await control.approve({ userCode: code });
  const { lines, output } = await resumed;
  expect(lines).toEqual([shown, { done: true }]);
  expect(await control.requests({ operation: "StartDeviceAuthorization" })).toHaveLength(1);
  expect(await machine.source.provide(request())).toMatchObject({ accountId: machine.options.account_id });
  expect(secretsIn(output, await control.secrets())).toEqual([]);
}, 60_000);

test("denied on the page", async () => {
  const person = fakePerson();
  const signingIn = machine.source.signIn(request(), person);
  const expectation = expect(signingIn).rejects.toMatchObject({
    code: "SIGN_IN_REQUIRED",
    message: expect.stringContaining("denied"),
  });
  while (person.prompts.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await simulator.control.deny({ userCode: person.prompts[0]!.code! });
  await expectation;
});

test("force: a new session with a new end, the old one dead", async () => {
  const { control } = simulator;
  await control.configure({ autoApprove: true });
  await machine.source.signIn(request(), fakePerson());
  await control.advanceClock({ milliseconds: 30 * 60_000 });
  await machine.source.signIn(request(), fakePerson());
  expect((await control.state()).sessions).toHaveLength(1);
  await machine.source.signIn(request({ force: true }), fakePerson());
  const { sessions } = await control.state();
  expect(sessions.map(({ alive }) => alive)).toEqual([false, true]);
  expect(Date.parse(sessions[1]!.expiration) - Date.parse(sessions[0]!.expiration)).toBeGreaterThan(29 * 60_000);
  expect(await machine.source.provide(request())).toBeDefined();
}, 30_000);

test("a role that is not assigned: said, and nobody is sent to sign in", async () => {
  const { control } = simulator;
  const other = await realMachine(simulator, { role_name: "NotAssigned" });
  await other.putToken(await control.signIn(), 60);
  await expect(other.source.provide(request())).rejects.toMatchObject({
    code: "SOURCE_FAILED",
    message: expect.stringContaining("NotAssigned"),
  });
  await other.remove();
});

test.each([
  ["throttled twice", { kind: "status", status: 429, error: "TooManyRequestsException" }, 2],
  ["a fault of the server", { kind: "status", status: 500 }, 1],
  ["a dropped connection", { kind: "drop" }, 1],
] as const)("%s: tried again, answered", async (_, effect, count) => {
  const { control } = simulator;
  await machine.putToken(await control.signIn(), 60);
  await control.addFault({ service: "sso", operation: "GetRoleCredentials", effect, count });
  expect(await machine.source.provide(request())).toBeDefined();
  expect(await control.requests({ operation: "GetRoleCredentials" })).toHaveLength(count + 1);
});

test("garbage instead of an answer: said, not shown", async () => {
  const { control } = simulator;
  await machine.putToken(await control.signIn(), 60);
  await control.addFault({ service: "sso", effect: { kind: "garbage" } });
  const error: unknown = await machine.source.provide(request()).catch((caught: unknown) => caught);
  expect(isCredentialError(error) && error.code).toBe("SOURCE_FAILED");
});

test("nobody answers at the endpoint: NETWORK", async () => {
  await machine.putToken(await simulator.control.signIn(), 60);
  await simulator.stop();
  await expect(machine.source.provide(request())).rejects.toMatchObject({ code: "NETWORK" });
  simulator = await startSimulator();
});
