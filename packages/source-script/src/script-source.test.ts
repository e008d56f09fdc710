import { CredentialError, type RunRequest, type RunResult } from "@keyspring/core";
import { fakePlatform, type FakePlatform } from "@keyspring/core/testing";
import { describe, expect, test } from "vitest";
import { fakeInteraction, flatJson, keepingLog, request, scriptSource } from "./testing/bench.ts";

const SCRIPT = "/home/ada/grant.sh";
const LOGIN = "/home/ada/login.sh";
const NOW = Date.parse("2026-01-01T00:00:00Z");
const GOOD = flatJson(new Date(NOW + 3_600_000));
const SECRET = JSON.parse(GOOD).SecretAccessKey as string;

type Answer = (request: RunRequest) => Partial<RunResult> | Promise<Partial<RunResult>>;

function machine(run: Answer, env: Record<string, string> = {}): FakePlatform {
  const platform = fakePlatform({ run, env });
  for (const file of [SCRIPT, LOGIN]) platform.files.put(file, "", { mode: 0o755 });
  platform.files.put("/home/ada", "", { kind: "folder", mode: 0o755 });
  return platform;
}
const printing = (stdout: string): FakePlatform => machine(() => ({ stdout }));
const isLogin = ({ command }: RunRequest): boolean => !("shell" in command) && command[0] === LOGIN;

const ini = (name: string, id: string): string => `[${name}]\naws_access_key_id=${id}\naws_secret_access_key=s3cr3t\n`;

describe("provide", () => {
  test("a script that prints credentials", async () => {
    const platform = printing(`Hello!\n${GOOD}\n`);
    const source = await scriptSource(platform, { command: [SCRIPT, "--json"] });
    expect(await source.provide(request)).toMatchObject({ secretAccessKey: SECRET, expiration: new Date(NOW + 3_600_000) });
    expect("signIn" in source).toBe(false);
    expect(platform.runs).toHaveLength(1);
    expect(platform.runs[0]).toMatchObject({
      command: [SCRIPT, "--json"],
      cwd: "/home/ada",
      streams: "closed",
      timeout: 30_000,
      outputLimit: 1_048_576,
    });
  });

  test("its environment: the user's without credentials, its own, profile, reason and chain", async () => {
    const platform = machine(() => ({ stdout: GOOD }), { PATH: "/bin", AWS_PROFILE: "x", AWS_SESSION_TOKEN: "y", ACME: "old" });
    const source = await scriptSource(platform, { command: [SCRIPT], env: { ACME: "new", AWS_PROFILE: "base" } });
    await source.provide({ ...request, reason: "rejected" });
    expect(platform.runs[0]?.env).toEqual({
      PATH: "/bin",
      ACME: "new",
      AWS_PROFILE: "base",
      KEYSPRING_PROFILE: "acme",
      KEYSPRING_REASON: "rejected",
      KEYSPRING_PROFILE_CHAIN: "outer,acme",
    });
  });

  test("a shell's line, timeout and limit as set", async () => {
    const platform = printing(GOOD);
    const source = await scriptSource(platform, {
      command: `${SCRIPT} | tail -1`,
      shell: true,
      timeout: "5s",
      output_limit: 2048,
    });
    await source.provide(request);
    expect(platform.runs[0]).toMatchObject({ command: { shell: `${SCRIPT} | tail -1` }, timeout: 5000, outputLimit: 2048 });
  });

  test("the named section", async () => {
    const source = await scriptSource(printing(ini("a", "AKIAA") + ini("b", "AKIAB")), { command: [SCRIPT], section: "b" });
    expect(await source.provide(request)).toEqual({ accessKeyId: "AKIAB", secretAccessKey: "s3cr3t" });
  });

  test("a working directory that is not there", async () => {
    const source = await scriptSource(printing(GOOD), { command: [SCRIPT], working_directory: "~/gone" });
    await expect(source.provide(request)).rejects.toMatchObject({
      code: "INVALID_CONFIGURATION",
      message: "there is no folder /home/ada/gone",
    });
  });

  test("a script that others may write is not run", async () => {
    const platform = printing(GOOD);
    platform.files.put(SCRIPT, "", { mode: 0o777 });
    const source = await scriptSource(platform, { command: [SCRIPT] });
    await expect(source.provide(request)).rejects.toMatchObject({
      code: "INVALID_CONFIGURATION",
      remedy: `Run: chmod go-w ${SCRIPT}`,
    });
    expect(platform.runs).toEqual([]);
  });
});

describe("failures", () => {
  const expired = flatJson(new Date(NOW - 3_840_000));
  const alone = { command: [SCRIPT] };
  const withSignIn = { command: [SCRIPT], sign_in_command: [LOGIN] };
  const LOGIN_NOW = "Run: keyspring login --profile acme";

  test.each<[string, object, Partial<RunResult>, string, string | RegExp, string | RegExp]>([
    [
      "exit 4",
      alone,
      { exitCode: 4, stderr: "no VPN\n" },
      "SOURCE_FAILED",
      `the command ${SCRIPT} failed with exit code 4: no VPN`,
      /keyspring status/,
    ],
    [
      "exit 4, sign-in known",
      withSignIn,
      { exitCode: 4, stderr: "no VPN\n" },
      "SIGN_IN_REQUIRED",
      /exit code 4: no VPN/,
      LOGIN_NOW,
    ],
    ["exit 3", alone, { exitCode: 3 }, "SIGN_IN_REQUIRED", /exit code 3/, /sign_in_command in config.toml/],
    ["exit 3, sign-in known", withSignIn, { exitCode: 3 }, "SIGN_IN_REQUIRED", /exit code 3/, LOGIN_NOW],
    ["exit 77 as set", { ...alone, sign_in_exit_codes: [77] }, { exitCode: 77 }, "SIGN_IN_REQUIRED", /exit code 77/, /./],
    ["exit 3, not as set", { ...alone, sign_in_exit_codes: [77] }, { exitCode: 3 }, "SOURCE_FAILED", /exit code 3/, /./],
    ["killed", alone, { exitCode: undefined, signal: "SIGKILL" }, "SOURCE_FAILED", /was ended by SIGKILL/, /./],
    [
      "hangs",
      alone,
      { outcome: "timed-out", exitCode: undefined },
      "TIMED_OUT",
      /did not end within 30 s/,
      /raise the timeout in the options of profile acme in config\.toml/,
    ],
    [
      "hangs, sign-in known",
      withSignIn,
      { outcome: "timed-out", exitCode: undefined },
      "TIMED_OUT",
      /did not end/,
      /keyspring login --profile acme/,
    ],
    [
      "floods",
      alone,
      { outcome: "too-much-output", exitCode: undefined },
      "INVALID_OUTPUT",
      /printed more than 1048576 bytes/,
      /./,
    ],
    ["cannot be run", alone, { outcome: "not-executable", exitCode: undefined }, "INVALID_CONFIGURATION", /cannot be run/, /./],
    [
      "cannot be run, sign-in known",
      withSignIn,
      { outcome: "not-executable", exitCode: undefined },
      "INVALID_CONFIGURATION",
      /cannot be run/,
      /interpreter/,
    ],
    [
      "prints nothing",
      alone,
      {},
      "INVALID_OUTPUT",
      `the command ${SCRIPT} gave no usable credentials: the output is empty`,
      /Version/,
    ],
    [
      "prints nonsense, sign-in known",
      withSignIn,
      { stdout: "hi" },
      "INVALID_OUTPUT",
      /no credentials in any known form/,
      /keyspring login --profile acme/,
    ],
    ["expired", alone, { stdout: expired }, "INVALID_OUTPUT", /the credentials expired 1 h 4 min ago/, /clock/],
    [
      "expired, sign-in known",
      withSignIn,
      { stdout: expired },
      "SIGN_IN_REQUIRED",
      /the credentials expired 1 h 4 min ago/,
      LOGIN_NOW,
    ],
    ["a secret on stderr", alone, { exitCode: 1, stderr: `bad key ${SECRET}9` }, "SOURCE_FAILED", /exit code 1/, /./],
  ])("%s", async (_, options, result, code, message, remedy) => {
    const log = keepingLog();
    const source = await scriptSource(
      machine(() => result),
      options,
      log,
    );
    const error = await source.provide(request).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CredentialError);
    expect(error).toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
      remedy: expect.stringMatching(remedy) as string,
    });
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toMatch(/[\r\n]/);
  });

  test("what it said on stderr is kept for status, its secrets masked", async () => {
    const log = keepingLog();
    const stderr =
      Array.from({ length: 30 }, (_, line) => `line ${line}`).join("\n") +
      "\nAWS_SECRET_ACCESS_KEY=abc ACME_TOKEN is tok-12345678\n";
    const source = await scriptSource(
      machine(() => ({ exitCode: 1, stderr })),
      { command: [SCRIPT], env: { ACME_TOKEN: "tok-12345678" } },
      log,
    );
    await expect(source.provide(request)).rejects.toThrow("AWS_SECRET_ACCESS_KEY=[redacted] ACME_TOKEN is [redacted]");
    const kept = log.lines.join("\n");
    expect(kept).toContain("line 29");
    expect(kept).not.toContain("line 9\\n");
    expect(kept).not.toContain("tok-12345678");
  });

  test("cancelled with a reason", async () => {
    const reason = new CredentialError("TIMED_OUT", "nothing came within 15 s", { remedy: "Try again." });
    const source = await scriptSource(
      machine(() => ({ outcome: "cancelled", exitCode: undefined })),
      { command: [SCRIPT], sign_in_command: [LOGIN] },
    );
    await expect(source.provide({ ...request, signal: AbortSignal.abort(reason) })).rejects.toMatchObject({
      code: "TIMED_OUT",
      message: expect.stringMatching(/did not end: nothing came within 15 s$/),
    });
  });
});

describe("sign-in", () => {
  const options = { command: [SCRIPT], sign_in_command: [LOGIN] };

  test("its lines are passed on, address and code as a prompt", async () => {
    const platform = machine((run) =>
      isLogin(run)
        ? {
            stdout:
              "\u001b[1mAttempting to open nothing.\u001b[0m\nhttps://device.sso.eu-west-1.amazonaws.com/\nThen enter the code:\n\nABCD-EFGH\n" +
              "or open https://device.sso.eu-west-1.amazonaws.com/?user_code=ABCD-EFGH.\n",
            stderr: "password=hunter2\n",
          }
        : { stdout: GOOD },
    );
    const source = await scriptSource(platform, options);
    const interaction = fakeInteraction();
    await source.signIn?.(request, interaction);
    expect(interaction.shown.at(-1)).toEqual({
      url: "https://device.sso.eu-west-1.amazonaws.com/",
      urlComplete: "https://device.sso.eu-west-1.amazonaws.com/?user_code=ABCD-EFGH",
      code: "ABCD-EFGH",
    });
    expect(interaction.said).toEqual([
      "Attempting to open nothing.",
      "Then enter the code:",
      "ABCD-EFGH",
      "or open https://device.sso.eu-west-1.amazonaws.com/?user_code=ABCD-EFGH.",
      "password=[redacted]",
    ]);
    expect(platform.runs.map(({ timeout, streams }) => [timeout, streams])).toEqual([
      [160_000, "closed"],
      [30_000, "closed"],
    ]);
  });

  test("at a person's own terminal it has the terminal", async () => {
    const platform = machine((run) => (isLogin(run) ? {} : { stdout: GOOD }));
    const source = await scriptSource(platform, options);
    const interaction = fakeInteraction(true);
    await source.signIn?.(request, interaction);
    expect(platform.runs[0]).toMatchObject({ command: [LOGIN], streams: "terminal" });
    expect(interaction.said).toEqual([]);
  });

  test.each([
    ["Code: WXYZ-1234", "WXYZ-1234"],
    ["enter the code 12345678.", "12345678"],
    ["COMPLETE", undefined],
    ["exit code 1", undefined],
  ])("after an address, %j", async (line, code) => {
    const stdout = `go to <https://login.example.com/x>, please\n${line}\n`;
    const platform = machine((run) => (isLogin(run) ? { stdout } : { stdout: GOOD }));
    const interaction = fakeInteraction();
    await (await scriptSource(platform, options)).signIn?.(request, interaction);
    expect(interaction.shown.at(-1)).toEqual({ url: "https://login.example.com/x", ...(code !== undefined && { code }) });
  });

  test("a flood of lines is cut for the person", async () => {
    const platform = machine((run) => (isLogin(run) ? { stdout: "x\n".repeat(5000) } : { stdout: GOOD }));
    const interaction = fakeInteraction();
    await (await scriptSource(platform, options)).signIn?.(request, interaction);
    expect(interaction.said).toHaveLength(201);
  });

  test.each<[string, Partial<RunResult>, string, string]>([
    [
      "fails",
      { exitCode: 1, stderr: "denied" },
      "SOURCE_FAILED",
      `the sign_in_command ${LOGIN} failed with exit code 1: denied`,
    ],
    [
      "takes too long",
      { outcome: "timed-out", exitCode: undefined },
      "TIMED_OUT",
      `the sign_in_command ${LOGIN} did not end within 2 min`,
    ],
    ["is interrupted", { outcome: "cancelled", exitCode: undefined }, "CANCELLED", "it was interrupted"],
  ])("%s", async (_, result, code, message) => {
    const source = await scriptSource(
      machine(() => result),
      options,
    );
    await expect(source.signIn?.(request, fakeInteraction())).rejects.toMatchObject({ code, message });
  });

  test("ends well, yet the command still wants a sign-in: no circle", async () => {
    const source = await scriptSource(
      machine((run) => (isLogin(run) ? {} : { exitCode: 3, stderr: "not signed in" })),
      options,
    );
    await expect(source.signIn?.(request, fakeInteraction())).rejects.toMatchObject({
      code: "SOURCE_FAILED",
      message: expect.stringMatching(/ended well, but afterwards .*: not signed in/) as string,
    });
  });
});
