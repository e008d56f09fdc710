import { fakePlatform, type FakePlatform, type FakePlatformOptions } from "@keyspring/core/testing";
import { describe, expect, test } from "vitest";
import { createCli } from "./cli.ts";

const CONFIG = "/home/ada/.config/keyspring/config.toml";
const GRANT = "/opt/globex/grant.sh";
const SCRIPT = `[profiles.globex]\nsource = "script"\noptions = { command = ["${GRANT}"] }\n`;

interface Ended {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** A machine with a config.toml and the command it names. */
function machine(config: string, options: FakePlatformOptions = {}): FakePlatform {
  const end = "2026-01-01T01:00:00Z";
  const answer = { AccessKeyId: "ASIA0000000000000001", SecretAccessKey: "s".repeat(40), SessionToken: "t", Expiration: end };
  const platform = fakePlatform({ run: () => ({ stdout: JSON.stringify({ Credentials: answer }) }), ...options });
  if (config !== "") platform.files.put(CONFIG, config);
  platform.files.put(GRANT, "", { mode: 0o755 });
  return platform;
}

async function keyspring(platform: FakePlatform, ...argv: string[]): Promise<Ended> {
  const [out, err]: [string[], string[]] = [[], []];
  const terminal = { outIsTerminal: false, errIsTerminal: false, canAsk: false, colour: false, ask: async () => "" };
  const cli = createCli(platform, { ...terminal, out: (text) => out.push(text), err: (text) => err.push(text) }, "0.0.0");
  return { exitCode: await cli.run(argv), out: out.join(""), err: err.join("") };
}

describe("source", () => {
  test.each(["constructor", "nothing"])("named %s: not here, and a matter of configuration", async (source) => {
    const { exitCode, err } = await keyspring(machine(`[profiles.odd]\nsource = "${source}"\n`), "export");
    expect(err).toContain(`the source \`${source}\`, which is not here`);
    expect(exitCode).toBe(2);
  });
});

test("export, told that a person must sign in while one just did: asks again instead of sending its caller away", async () => {
  const options = `{ command = ["${GRANT}"], sign_in_command = ["/opt/globex/login.sh"] }`;
  const credentials = { Version: 1, AccessKeyId: "AKIA0000000000000001", SecretAccessKey: "s".repeat(40), SessionToken: "t" };
  let login: Promise<Ended> | undefined;
  const platform: FakePlatform = machine(`[profiles.globex]\nsource = "script"\noptions = ${options}\n`, {
    async run() {
      if (login !== undefined) return { stdout: JSON.stringify(credentials) };
      login = keyspring(platform, "login", "--force");
      while (platform.runs.length < 3) await new Promise(setImmediate);
      for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
      return { exitCode: 3, stderr: "the session has ended" };
    },
  });
  platform.files.put("/opt/globex/login.sh", "", { mode: 0o755 });
  const exported = await keyspring(platform, "export");
  expect(exported).toMatchObject({ exitCode: 0, err: "" });
  expect(await login).toMatchObject({ exitCode: 0 });
});

test("a word that every JavaScript object knows is no group of commands", async () => {
  const { exitCode, err } = await keyspring(machine(SCRIPT), "constructor");
  expect(err).toMatch(/^keyspring: unknown command 'constructor'\nSee what there is: keyspring --help\n$/);
  expect(exitCode).toBe(2);
});

describe("env", () => {
  const left = {
    AWS_PROFILE: "mine",
    AWS_DEFAULT_PROFILE: "mine",
    AWS_SECURITY_TOKEN: "old",
    AWS_ACCOUNT_ID: "999999999999",
    AWS_BEARER_TOKEN_BEDROCK: "old",
    AWS_ROLE_ARN: "arn:aws:iam::999999999999:role/web",
    HOME: "/home/ada",
  };

  test("what would win over the credentials or outlive them is taken away, nothing else", async () => {
    const { out } = await keyspring(machine(SCRIPT, { env: left }), "env", "--format", "sh");
    const removed = out.split("\n").filter((line) => line.startsWith("unset "));
    expect(removed).toEqual([
      "unset AWS_PROFILE",
      "unset AWS_DEFAULT_PROFILE",
      "unset AWS_SECURITY_TOKEN",
      "unset AWS_ACCOUNT_ID",
      "unset AWS_BEARER_TOKEN_BEDROCK",
    ]);
  });

  test("a file is read elsewhere: only what there is", async () => {
    const { out } = await keyspring(machine(SCRIPT, { env: left }), "env", "--format", "json");
    expect(Object.values(JSON.parse(out) as object)).not.toContain(null);
  });
});

describe("status", () => {
  test("one profile is broken: said of it, and the others are shown", async () => {
    const broken = `[profiles.bad]\nsource = "sso"\noptions = { session = "gone" }\n`;
    const { out, exitCode } = await keyspring(machine(SCRIPT + broken), "status", "--json");
    const { profiles } = JSON.parse(out) as { profiles: { profile: string; lastError?: { message: string } }[] };
    expect(profiles.map(({ profile }) => profile)).toEqual(["globex", "bad"]);
    expect(profiles[1]?.lastError?.message).toContain("there is no [sso-session gone]");
    expect(exitCode).toBe(0);
  });

  test("the broken one was asked for by name: that is the answer", async () => {
    const broken = `[profiles.bad]\nsource = "sso"\noptions = { session = "gone" }\n`;
    expect(await keyspring(machine(SCRIPT + broken), "status", "--profile", "bad")).toMatchObject({ exitCode: 2 });
  });
});

const SESSION = "[sso-session acme]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = eu-west-1\n";
const role = (profile: string, session: string): string =>
  `[profile ${profile}]\nsso_session = ${session}\nsso_account_id = 123456789012\nsso_role_name = ${profile}\n`;
const roleCredentials = {
  accessKeyId: "ASIA0000000000000001",
  secretAccessKey: "s".repeat(40),
  sessionToken: "t",
  expiration: Date.parse("2026-01-01T01:00:00Z"),
};
const token = (platform: FakePlatform, session: string): void =>
  platform.files.put(
    `/home/ada/.aws/sso/cache/${platform.digest("sha1", session)}.json`,
    JSON.stringify({ accessToken: "token", expiresAt: "2026-01-01T08:00:00Z" }),
  );

const stored = (platform: FakePlatform): string[] =>
  Object.entries(platform.files.texts())
    .filter(([path]) => path.includes("/credentials/"))
    .map(([, text]) => (JSON.parse(text) as { profile: string }).profile);

/** Signed in to two sessions; the profiles dev and prod share one. */
function signedIn(onLogout: () => Promise<unknown> = async () => {}): FakePlatform {
  const platform = machine("", {
    async answer({ url }) {
      if (url.includes("/logout")) await onLogout();
      return { status: 200, headers: {}, body: url.includes("/logout") ? "{}" : JSON.stringify({ roleCredentials }) };
    },
  });
  const aws = [SESSION, SESSION.replace("acme]", "other]"), role("dev", "acme"), role("prod", "acme"), role("else", "other")];
  platform.files.put("/home/ada/.aws/config", aws.join(""));
  for (const session of ["acme", "other"]) token(platform, session);
  return platform;
}

describe("logout", () => {
  test("forgets what every profile of the session was given, and nothing of others", async () => {
    const platform = signedIn();
    for (const profile of ["dev", "prod", "else"]) await keyspring(platform, "export", "--profile", profile);
    expect(stored(platform).toSorted()).toEqual(["dev", "else", "prod"]);
    expect(await keyspring(platform, "logout", "--profile", "dev")).toMatchObject({ exitCode: 0 });
    expect(stored(platform)).toEqual(["else"]);
  });

  test("forgets what was given while the session was being ended", async () => {
    const platform: FakePlatform = signedIn(() => keyspring(platform, "export", "--profile", "prod"));
    await keyspring(platform, "logout", "--profile", "dev");
    expect(stored(platform)).toEqual([]);
  });
});
