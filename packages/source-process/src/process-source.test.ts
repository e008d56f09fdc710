import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  checkOptions,
  silentLog,
  type CredentialRequest,
  type CredentialSource,
  type Log,
  type Platform,
  type RunResult,
} from "@keyspring/core";
import { fakeIdentity, fakeNotes, fakePlatform, type FakePlatform } from "@keyspring/core/testing";
import { nodePlatform } from "@keyspring/host";
import { afterAll, describe, expect, test } from "vitest";
import { PROCESS_OPTION_KEYS } from "./options.ts";
import { processPlugin } from "./plugin.ts";

const request: CredentialRequest = { profile: "acme", reason: "absent", signal: new AbortController().signal };

async function processSource(
  platform: Platform,
  options: object,
  log: Log = silentLog,
  chain = ["acme"],
): Promise<CredentialSource> {
  const checked = await checkOptions(processPlugin.options, options, "here", PROCESS_OPTION_KEYS);
  return processPlugin.create(checked, { profile: "acme", platform, log, notes: fakeNotes(), chain });
}

function keepingLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (message: string, facts?: object): void => void lines.push(`${message} ${JSON.stringify(facts ?? {})}`);
  return { lines, debug: keep, info: keep, warn: keep, error: keep };
}

function answer(end: Date): string {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = fakeIdentity(end);
  return JSON.stringify({
    Version: 1,
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: expiration,
  });
}

const NOW = Date.parse("2026-01-01T00:00:00Z");
const GOOD = answer(new Date(NOW + 3_600_000));
const SECRET = fakeIdentity(new Date(0)).secretAccessKey;
const machine = (result: Partial<RunResult> = { stdout: GOOD }, env = {}): FakePlatform =>
  fakePlatform({ run: () => result, env, cwd: "/srv" });

describe("run as the SDKs do", () => {
  test("no shell where none is needed, the user's environment and folder, no input", async () => {
    const platform = machine(undefined, { PATH: "/bin", AWS_PROFILE: "base" });
    const source = await processSource(platform, { command: '"/path with space/x" arg', aws_profile: "base" });
    expect(await source.provide(request)).toEqual(fakeIdentity(new Date(NOW + 3_600_000)));
    expect(platform.runs).toEqual([
      expect.objectContaining({
        command: ["/path with space/x", "arg"],
        env: { PATH: "/bin", AWS_PROFILE: "base", KEYSPRING_PROFILE: "acme", KEYSPRING_PROFILE_CHAIN: "acme" },
        cwd: "/srv",
        streams: "closed",
        timeout: 60_000,
      }),
    ]);
  });

  test("with a shell where only that makes sense, and a warning, once", async () => {
    const log = keepingLog();
    const platform = machine();
    const source = await processSource(platform, { command: "~/bin/x | tail -1", aws_profile: "base", timeout: "5s" }, log);
    await source.provide(request);
    await source.provide(request);
    expect(platform.runs[1]).toMatchObject({ command: { shell: "~/bin/x | tail -1" }, timeout: 5000 });
    expect(log.lines).toEqual([
      "the credential_process of AWS profile base is run by a shell, as the JavaScript SDK (and so Claude Code) does; " +
        "the AWS CLI and boto3 use none and would take this literally: ~  | {}",
    ]);
  });

  test("the account of the profile, if the command tells none", async () => {
    const source = await processSource(machine(), { command: "/x", aws_account_id: "123456789012" });
    expect(await source.provide(request)).toMatchObject({ accountId: "123456789012" });
  });

  test("nobody can sign in here", async () => {
    expect(Object.keys(await processSource(machine(), { command: "/x" }))).toEqual(["provide"]);
  });
});

describe("failures", () => {
  test.each<[string, Partial<RunResult>, string, string | RegExp]>([
    [
      "exit 2",
      { exitCode: 2, stderr: "warming up\nno such role\n" },
      "SOURCE_FAILED",
      "the credential_process of AWS profile base failed with exit code 2: no such role",
    ],
    [
      "a secret on stderr",
      { exitCode: 1, stderr: `key=${SECRET}, secret: ${SECRET}` },
      "SOURCE_FAILED",
      /secret: \[redacted\]/,
    ],
    ["silent", { exitCode: 1 }, "SOURCE_FAILED", /said nothing/],
    ["hangs", { outcome: "timed-out", exitCode: undefined }, "TIMED_OUT", /did not end within 1 min/],
    ["floods", { outcome: "too-much-output", exitCode: undefined }, "INVALID_OUTPUT", /printed more than 1048576 bytes/],
    ["not there", { outcome: "not-found", exitCode: undefined }, "INVALID_CONFIGURATION", /was not found/],
    ["nothing printed", { stdout: "" }, "INVALID_OUTPUT", "the credential_process of AWS profile base: the output is empty"],
    ["a banner", { stdout: `Hello\n${GOOD}` }, "INVALID_OUTPUT", /does not begin with a JSON object/],
    ["Version 2", { stdout: GOOD.replace(":1,", ":2,") }, "INVALID_OUTPUT", /Version is not the number 1/],
    ["expired", { stdout: answer(new Date(NOW - 60_000)) }, "INVALID_OUTPUT", /: the credentials expired 1 min ago/],
  ])("%s", async (_, result, code, message) => {
    const source = await processSource(machine(result), { command: "/x", aws_profile: "base" });
    const error: unknown = await source.provide(request).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
      remedy: expect.stringMatching(/\S/) as string,
    });
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain(SECRET);
  });

  test("what it said on stderr is kept, its secrets masked", async () => {
    const log = keepingLog();
    const source = await processSource(
      machine({ stdout: GOOD, stderr: `refreshing\nAWS_SECRET_ACCESS_KEY=${SECRET}\n` }),
      { command: "/x" },
      log,
    );
    await source.provide(request);
    expect(log.lines.join()).toContain("refreshing");
    expect(log.lines.join()).not.toContain(SECRET);
  });
});

describe("Keyspring as its own credential_process", () => {
  test.each([
    "keyspring process --profile acme",
    "/usr/local/bin/keyspring process --profile=acme",
    "keyspring export",
    "/usr/bin/node /usr/lib/node_modules/keyspring/dist/keyspring.cjs --profile outer process",
    "/usr/bin/env keyspring process --profile acme 2>/dev/null",
  ])("a circle: %s", async (command) => {
    const platform = machine();
    const source = await processSource(platform, { command, aws_profile: "acme" }, silentLog, ["outer", "acme"]);
    await expect(source.provide(request)).rejects.toMatchObject({
      code: "INVALID_CONFIGURATION",
      message: expect.stringMatching(
        /asks Keyspring for (?:acme|outer) again, which would never end: outer → acme → (?:acme|outer)$/,
      ) as string,
    });
    expect(platform.runs).toEqual([]);
  });

  test.each([
    "keyspring process --profile other",
    "keyspring --version",
    "/opt/x --like keyspring process",
    "keyspring exec --profile other -- x --profile acme",
  ])("no circle: %s", async (command) => {
    await (await processSource(machine(), { command })).provide(request);
  });
});

describe("options", () => {
  test.each([
    [{}, "here: command is missing"],
    [{ comand: "/x" }, "here: there is no option comand"],
    [{ command: "" }, "here: command: must not be empty"],
    [{ command: 7 }, "here: command: must be a text as in an AWS profile, or a list of texts"],
    [{ command: [] }, "here: command: must name a program"],
    [{ command: "/x", timeout: "0s" }, "here: timeout: must be from 100ms to 1h"],
    [{ command: "/x", timeout: 5 }, 'here: timeout: must be a text such as "20s"'],
    [{ command: "/x", aws_account_id: "1" }, "here: aws_account_id: must be 12 digits"],
  ])("refused: %j", async (options, message) => {
    await expect(processSource(machine(), options)).rejects.toMatchObject({ code: "INVALID_CONFIGURATION", message });
  });

  test("a quote that does not end", async () => {
    const source = await processSource(machine(), { command: "'/x", aws_profile: "base" });
    await expect(source.provide(request)).rejects.toMatchObject({
      code: "INVALID_CONFIGURATION",
      message: "credential_process of AWS profile base has a quote or backslash that does not end",
    });
  });
});

/** POSIX only: on Windows there is no sh to write the programs for. */
describe.skipIf(process.platform === "win32")("real processes", () => {
  const folder = mkdtempSync(join(tmpdir(), "keyspring process "));
  const platform = nodePlatform();
  const good = answer(new Date(Date.now() + 3_600_000));
  const program = (name: string, body: string): string => {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\n${body}\n`);
    chmodSync(path, 0o700);
    return path;
  };
  afterAll(() => rmSync(folder, { recursive: true }));

  test("a path with a space, arguments with quotes, noise on stderr", async () => {
    const path = program("x", `test "$1" = "a b" && test "$2" = '$HOME' || exit 9; echo noise >&2; echo '${good}'`);
    const source = await processSource(platform, { command: `"${path}" "a b" '$HOME'` });
    expect(await source.provide(request)).toMatchObject({ secretAccessKey: SECRET });
  });

  test.each([
    ["directly", (path: string) => `sh -c "true; '${path}'"`],
    ["by a shell", (path: string) => `true && "${path}" | cat`],
    ["with a variable", () => `"$KEYSPRING_TEST_FOLDER/y"`],
  ])("a line of several commands, run %s", async (_, line) => {
    const path = program("y", `echo '${good}'`);
    const source = await processSource(
      { ...platform, env: { ...platform.env, KEYSPRING_TEST_FOLDER: folder } },
      { command: line(path) },
    );
    expect(await source.provide(request)).toMatchObject({ secretAccessKey: SECRET });
  });

  test.each<[string, string, string, RegExp]>([
    ["exits non-zero", "echo 'no role' >&2; exit 7", "SOURCE_FAILED", /exit code 7: no role/],
    ["prints a banner", `echo hi; echo '${good}'`, "INVALID_OUTPUT", /does not begin with a JSON object/],
    ["floods", "exec yes", "INVALID_OUTPUT", /printed more than/],
    ["hangs and ignores SIGTERM", "trap '' TERM; sleep 60; sleep 60", "TIMED_OUT", /did not end within/],
    ["reads its input", "read line || { echo 'no input' >&2; exit 1; }", "SOURCE_FAILED", /no input/],
  ])(
    "%s",
    async (name, body, code, message) => {
      const source = await processSource(platform, { command: [program(name.replaceAll(" ", "-"), body)], timeout: "1s" });
      await expect(source.provide(request)).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
    },
    15_000,
  );

  test("no such program", async () => {
    const source = await processSource(platform, { command: "/no/such/program a" });
    await expect(source.provide(request)).rejects.toMatchObject({
      code: "INVALID_CONFIGURATION",
      message: "the command /no/such/program was not found",
    });
  });
});
