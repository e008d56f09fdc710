import { isCredentialError } from "@keyspring/core";
import { fakePlatform } from "@keyspring/core/testing";
import { describe, expect, test } from "vitest";
import { readAwsConfig } from "../aws/read-aws-config.ts";
import { parseConfig } from "../config/parse-config.ts";
import type { ProfileSelection } from "./profile-selection.ts";
import { selectProfile } from "./select-profile.ts";

interface Situation {
  readonly toml?: string;
  readonly aws?: string;
  readonly credentials?: string;
  readonly env?: Record<string, string>;
  readonly flag?: string;
}

async function select({ toml = "", aws = "", credentials = "", env = {}, flag }: Situation): Promise<ProfileSelection> {
  const platform = fakePlatform({ env });
  platform.files.put("/home/ada/.aws/config", aws);
  platform.files.put("/home/ada/.aws/credentials", credentials);
  return selectProfile(platform, parseConfig(toml, "/c/config.toml"), await readAwsConfig(platform), flag);
}

async function failure(situation: Situation): Promise<{ code: string; message: string; remedy: string }> {
  try {
    await select(situation);
  } catch (error) {
    if (isCredentialError(error)) return { code: error.code, message: error.message, remedy: error.remedy ?? "" };
    throw error;
  }
  throw new Error("it was selected");
}

const ONE = '[organizations.acme]\nsource = "script"\n[profiles.one]\norganization = "acme"\n';
const TWO = `${ONE}[profiles.two]\norganization = "acme"\n`;
const PROCESS = "[profile aws]\ncredential_process = /opt/give\n";

describe("which name", () => {
  test.each<[string, Situation, string, string]>([
    ["flag over all", { toml: TWO, env: { KEYSPRING_PROFILE: "one" }, flag: "two" }, "two", "flag"],
    [
      "environment over the default",
      { toml: `default_profile = "two"\n${TWO}`, env: { KEYSPRING_PROFILE: "one" } },
      "one",
      "environment",
    ],
    [
      "empty environment counts as none",
      { toml: `default_profile = "two"\n${TWO}`, env: { KEYSPRING_PROFILE: "" } },
      "two",
      "default",
    ],
    [
      "default over AWS_PROFILE",
      { toml: `default_profile = "two"\n${TWO}`, aws: PROCESS, env: { AWS_PROFILE: "aws" } },
      "two",
      "default",
    ],
    ["the only one", { toml: ONE, aws: PROCESS, env: { AWS_PROFILE: "aws" } }, "one", "only"],
    ["AWS_PROFILE where there are several", { toml: TWO, aws: PROCESS, env: { AWS_PROFILE: "aws" } }, "aws", "aws-profile"],
    ["AWS_PROFILE where there is none", { aws: PROCESS, env: { AWS_PROFILE: "aws" } }, "aws", "aws-profile"],
    ["a name in both files is config.toml's", { toml: TWO, aws: "[profile two]\nrole_arn = x\n", flag: "two" }, "two", "flag"],
  ])("%s", async (_state, situation, name, chosenBy) => {
    expect(await select(situation)).toMatchObject({ name, chosenBy });
  });

  test.each<[string, Situation, string, string]>([
    [
      "AWS_PROFILE that is no profile, and several that are",
      { toml: TWO, aws: PROCESS, env: { AWS_PROFILE: "gone" } },
      'no profile was named; there are one, two; AWS_PROFILE says "gone", which is none of them',
      "Add --profile one, set KEYSPRING_PROFILE",
    ],
    [
      "AWS_PROFILE that is no profile of ~/.aws/config, and nothing else",
      { aws: PROCESS, env: { AWS_PROFILE: "gone" } },
      'no profile was named; there are aws; AWS_PROFILE says "gone", which is none of them',
      "Add --profile aws",
    ],
    [
      "several and none named",
      { toml: TWO },
      "no profile was named; there are one, two",
      "Add --profile one, set KEYSPRING_PROFILE",
    ],
    ["only AWS profiles and none named", { aws: '[profile "my prof"]\n' }, "there are my prof", "Add --profile 'my prof'"],
    ["nothing at all", {}, "there is no profile: neither", "/c/config.toml"],
    ["misspelt flag", { toml: TWO, flag: "tow" }, "there is no profile tow", "Did you mean two?"],
    ["misspelt name of an AWS profile", { aws: PROCESS, flag: "awz" }, "there is no profile awz", "--profile aws"],
    [
      "default that does not exist",
      { toml: `default_profile = "nowhere"\n${TWO}` },
      "which default_profile names (/c/config.toml:1)",
      "there are: one, two.",
    ],
    [
      "environment that does not exist",
      { toml: TWO, env: { KEYSPRING_PROFILE: "nowhere" } },
      "which KEYSPRING_PROFILE names",
      "one, two",
    ],
    [
      "section whose header does not end",
      { aws: "[profile aws\nregion = eu-west-1\n", flag: "aws" },
      "there is no profile aws (/home/ada/.aws/config:1: a section's header has no end; it was ignored)",
      "aws configure sso",
    ],
    ["empty flag", { toml: TWO, flag: "" }, 'there is no profile ""', "one, two"],
    ["flag with an escape sequence", { toml: TWO, flag: "\u001b[31mred" }, '"\\u001b[31mred"', "one, two"],
    ["name of an object's method", { toml: TWO, flag: "constructor" }, "there is no profile constructor", ""],
  ])("%s", async (_state, situation, message, remedy) => {
    const found = await failure(situation);
    expect(found.code).toBe("NOT_CONFIGURED");
    expect(found.message).toContain(message);
    expect(found.remedy).toContain(remedy);
  });
});

/** An organization with the source sso and a profile of it. */
const SSO = (options: string): string =>
  `[organizations.acme]\nsource = "sso"\n[organizations.acme.options]\n${options}\n[profiles.one]\norganization = "acme"\n`;

describe("profiles of config.toml", () => {
  test("options merge organization → profile, with where each was set", async () => {
    const toml = `[organizations.acme]
source = "script"
description = "of the organization"
[organizations.acme.options]
command = ["/a"]
timeout = "20s"
"a.b" = 1
[organizations.acme.claude]
region = "us-east-1"
env = { A = "b" }
[profiles.one]
organization = "acme"
region = "eu-west-1"
options = { command = ["/b"] }
`;
    expect(await select({ toml })).toEqual({
      name: "one",
      chosenBy: "only",
      organization: "acme",
      source: "script",
      description: "of the organization",
      region: "eu-west-1",
      options: { command: ["/b"], timeout: "20s", "a.b": 1 },
      claude: { region: "us-east-1", env: { A: "b" } },
      warnings: [],
      origins: {
        source: { file: "/c/config.toml", line: 2, layer: "organization" },
        region: { file: "/c/config.toml", line: 13, layer: "profile" },
        "options.command": { file: "/c/config.toml", line: 14, layer: "profile" },
        "options.timeout": { file: "/c/config.toml", line: 6, layer: "organization" },
        "options.a.b": { file: "/c/config.toml", line: 7, layer: "organization" },
      },
    });
  });

  test("unknown organization: said with its line", async () => {
    const found = await failure({ toml: `${ONE}[profiles.two]\norganization = "acne"\n`, flag: "two" });
    expect(found).toMatchObject({ code: "INVALID_CONFIGURATION", remedy: "Did you mean acme?" });
    expect(found.message).toContain("/c/config.toml:6: there is no organization acne");
  });

  const SESSION =
    "[sso-session work]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = eu-west-1\nsso_registration_scopes = sso:account:access\n";

  test("sso with a named session: its keys are added", async () => {
    const found = await select({ toml: SSO('session = "work"'), aws: SESSION });
    expect(found.options).toEqual({
      session: "work",
      start_url: "https://acme.awsapps.com/start",
      region: "eu-west-1",
      scopes: "sso:account:access",
    });
    expect(found.origins["options.region"]).toEqual({ file: "/home/ada/.aws/config", line: 3, layer: "sso-session" });
  });

  test("sso with the portal of a session: shares its sign-in, in its spelling", async () => {
    const found = await select({
      toml: SSO('start_url = "https://ACME.awsapps.com/start/#/"\nregion = "eu-west-1"'),
      aws: SESSION,
    });
    expect(found.options).toMatchObject({ session: "work", start_url: "https://acme.awsapps.com/start" });
  });

  test.each([
    ["another region", 'start_url = "https://acme.awsapps.com/start"\nregion = "us-east-1"'],
    ["another portal", 'start_url = "https://acme2.awsapps.com/start"\nregion = "eu-west-1"'],
    [
      "other scopes",
      'start_url = "https://acme.awsapps.com/start"\nregion = "eu-west-1"\nscopes = ["codecatalyst:read_write"]',
    ],
  ])("sso with %s than the session's: a sign-in of its own", async (_state, options) => {
    expect((await select({ toml: SSO(options), aws: SESSION })).options).not.toHaveProperty("session");
  });

  test("sso with a session that is not there, or that contradicts", async () => {
    expect(await failure({ toml: SSO('session = "wrok"'), aws: SESSION })).toMatchObject({
      message: "/c/config.toml:4: there is no [sso-session wrok] in /home/ada/.aws/config",
      remedy: "Did you mean work?",
    });
    expect((await failure({ toml: SSO('session = "work"\nregion = "us-east-1"'), aws: SESSION })).message).toBe(
      "/home/ada/.aws/config:3: sso_region of [sso-session work] is not what region says elsewhere (/c/config.toml:5)",
    );
  });
});

describe("profiles of ~/.aws/config, as they are", () => {
  const SESSION = "[sso-session work]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = eu-west-1\n";
  const ROLE = "sso_account_id = 012345678901\nsso_role_name = Dev\n";

  test("sso_session", async () => {
    const found = await select({ aws: `${SESSION}[profile p]\nsso_session = work\n${ROLE}region = us-east-1\n`, flag: "p" });
    expect(found).toMatchObject({ source: "sso", region: "us-east-1", warnings: [] });
    expect(found.options).toEqual({
      session: "work",
      start_url: "https://acme.awsapps.com/start",
      region: "eu-west-1",
      account_id: "012345678901",
      role_name: "Dev",
    });
    expect(found.origins["options.account_id"]).toEqual({ file: "/home/ada/.aws/config", line: 6, layer: "aws-profile" });
  });

  test("legacy sso keys: no session, also where one has the same portal, as the AWS CLI does it", async () => {
    const legacy = `[profile p]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = eu-west-1\n${ROLE}`;
    const found = await select({ aws: SESSION + legacy, flag: "p" });
    expect(found.options).not.toHaveProperty("session");
    expect(found.source).toBe("sso");
  });

  test("credential_process with aws_account_id: the account goes along, as in the JavaScript SDK", async () => {
    const [known, none] = ["123456789012", "my-account"].map((id) => `${PROCESS}aws_account_id = ${id}\n`) as [string, string];
    expect((await select({ aws: known, flag: "aws" })).options).toMatchObject({ aws_account_id: "123456789012" });
    expect((await select({ aws: none, flag: "aws" })).options).not.toHaveProperty("aws_account_id");
  });

  test("credential_process", async () => {
    const found = await select({ aws: "[profile p]\ncredential_process = /opt/give --to me\n", flag: "p" });
    expect(found).toMatchObject({ source: "process", options: { command: "/opt/give --to me", aws_profile: "p" } });
  });

  test("sso keys and credential_process: sso, and said", async () => {
    const found = await select({
      aws: `${SESSION}[profile p]\nsso_session = work\n${ROLE}credential_process = /opt/give\n`,
      flag: "p",
    });
    expect(found.source).toBe("sso");
    expect(found.warnings).toEqual([expect.stringContaining("the JavaScript SDK the command")]);
  });

  test("credential_process and keys of its own: the command, and said", async () => {
    const found = await select({
      aws: PROCESS,
      credentials: "[aws]\naws_access_key_id = AKIA\naws_secret_access_key = s\n",
      flag: "aws",
    });
    expect(found.source).toBe("process");
    expect(found.warnings).toEqual([expect.stringContaining("has keys of its own as well")]);
  });

  test("warnings about its own section and session come along, others do not", async () => {
    const aws = `${SESSION}sso_registration_scopes = a ; b\n[profile p]\nsso_session = work # mine\n${ROLE}[profile q]\nregion = x # y\n`;
    const { warnings } = await select({ aws, flag: "p" });
    expect(warnings).toEqual([
      expect.stringContaining("config:4: sso_registration_scopes"),
      expect.stringContaining("config:6: sso_session"),
    ]);
  });

  test.each<[string, Situation, string, string]>([
    [
      "assumed role",
      { aws: "[profile p]\nrole_arn = arn:x\nsource_profile = q\n[profile q]\n" },
      "NOT_CONFIGURED",
      "config:2: profile p assumes a role (role_arn)",
    ],
    [
      "role over sso keys",
      { aws: `[profile p]\nsso_session = work\n${ROLE}role_arn = x\n` },
      "NOT_CONFIGURED",
      "assumes a role",
    ],
    ["web identity", { aws: "[profile p]\nweb_identity_token_file = /t\n" }, "NOT_CONFIGURED", "web identity token"],
    ["aws login", { aws: "[profile p]\nlogin_session = x\n" }, "NOT_CONFIGURED", "`aws login`"],
    [
      "static keys",
      { aws: "", credentials: "[p]\naws_access_key_id = AKIA\n" },
      "NOT_CONFIGURED",
      "credentials:2: profile p has keys of its own",
    ],
    ["nothing", { aws: "[profile p]\nregion = x\n" }, "NOT_CONFIGURED", "says nothing about credentials"],
    [
      "session that is not there",
      { aws: `[profile p]\nsso_session = gone\n${ROLE}` },
      "INVALID_CONFIGURATION",
      "config:2: there is no [sso-session gone]",
    ],
    [
      "session without a region",
      { aws: `[sso-session s]\nsso_start_url = https://x\n[profile p]\nsso_session = s\n${ROLE}` },
      "INVALID_CONFIGURATION",
      "has no sso_region",
    ],
    [
      "no account",
      { aws: `${SESSION}[profile p]\nsso_session = work\nsso_role_name = r\n` },
      "INVALID_CONFIGURATION",
      "has no sso_account_id",
    ],
    [
      "only an account",
      { aws: "[profile p]\nsso_account_id = 1\nsso_role_name = r\n" },
      "INVALID_CONFIGURATION",
      "has no sso_start_url",
    ],
    [
      "conflict with the session",
      { aws: `${SESSION}[profile p]\nsso_session = work\nsso_region = us-east-1\n${ROLE}` },
      "INVALID_CONFIGURATION",
      "config:3: sso_region of [sso-session work] is not what region says elsewhere (/home/ada/.aws/config:6)",
    ],
    ["empty command", { aws: "[profile p]\ncredential_process =\n" }, "INVALID_CONFIGURATION", "credential_process is empty"],
    [
      "source_profile in a circle",
      { aws: "[profile p]\nrole_arn = x\nsource_profile = q\n[profile q]\nrole_arn = x\nsource_profile = p\n" },
      "INVALID_CONFIGURATION",
      "config:6: profiles ask for each other in a circle: p → q → p",
    ],
    [
      "its own command",
      { aws: '[profile p]\ncredential_process = "/usr/bin/keyspring" process --profile p\n' },
      "INVALID_CONFIGURATION",
      "p → p",
    ],
    [
      "its own command by way of another",
      {
        aws: "[profile p]\ncredential_process = node /x/keyspring.cjs process --profile=q\n[profile q]\ncredential_process = keyspring process --profile p\n",
      },
      "INVALID_CONFIGURATION",
      "p → q → p",
    ],
  ])("%s: said with its place", async (_state, situation, code, message) => {
    const found = await failure({ ...situation, flag: "p" });
    expect(found.code).toBe(code);
    expect(found.message).toContain(message);
    expect(found.remedy).not.toBe("");
  });

  test("a command that asks Keyspring for a profile of config.toml is no circle", async () => {
    const found = await select({
      toml: ONE,
      aws: "[profile p]\ncredential_process = keyspring process --profile one\n",
      flag: "p",
    });
    expect(found.source).toBe("process");
  });

  test("source_profile that names the profile itself: not a circle, but a role", async () => {
    expect((await failure({ aws: "[profile p]\nrole_arn = x\nsource_profile = p\n", flag: "p" })).code).toBe("NOT_CONFIGURED");
  });
});

async function unreadable(toml: string, env: Record<string, string> = {}, flag?: string): Promise<ProfileSelection> {
  const platform = fakePlatform({ env });
  platform.files.fail("read", "EACCES");
  return selectProfile(platform, parseConfig(toml, "/c/config.toml"), await readAwsConfig(platform), flag);
}

describe("~/.aws/config cannot be read", () => {
  const PORTAL = 'source = "sso"\noptions = { start_url = "https://a.awsapps.com/start", region = "eu-west-1" }\n';
  const SAID = { code: "INVALID_CONFIGURATION", message: "/home/ada/.aws/config cannot be read" };

  test.each([
    ["script", ONE],
    ["sso without a session", `[profiles.one]\n${PORTAL}`],
  ])("%s of config.toml: works, and says so", async (_, toml) => {
    const { name, warnings } = await unreadable(toml);
    expect(name).toBe("one");
    expect(warnings).toEqual([expect.stringContaining("/home/ada/.aws/config cannot be read")]);
  });

  test.each<[string, Parameters<typeof unreadable>]>([
    ["a name that is not in config.toml", [ONE, {}, "dev"]],
    ["AWS_PROFILE alone", ["", { AWS_PROFILE: "dev" }]],
    ["a session that would stand there", [`[profiles.one]\n${PORTAL.replace("{", '{ session = "s",')}`]],
  ])("%s: said", async (_, situation) => {
    await expect(unreadable(...situation)).rejects.toMatchObject(SAID);
  });
});
