import { readFileSync } from "node:fs";
import { isCredentialError } from "@keyspring/core";
import { fakePlatform, type FakePlatform } from "@keyspring/core/testing";
import { describe, expect, test } from "vitest";
import { folders } from "../folders.ts";
import { configJsonSchema } from "./json-schema.ts";
import { loadConfig } from "./load-config.ts";
import { parseConfig } from "./parse-config.ts";

const EXAMPLE = `default_profile = "acme-dev"

[organizations.acme]
source = "sso"                                   # a built-in id
description = "Bedrock for Acme engineers"
[organizations.acme.options]
start_url = "https://acme.awsapps.com/start"
region = "eu-west-1"
[organizations.acme.claude]
region = "us-east-1"
env = { ANTHROPIC_DEFAULT_SONNET_MODEL = "anthropic.claude" }

[profiles.acme-dev]
organization = "acme"
[profiles.acme-dev.options]
account_id = "123456789012"
role_name = "BedrockUser"

[organizations.globex]
source = "script"
[organizations.globex.options]
command = ["/opt/globex/bin/generate_aws_grant.sh"]
timeout = "20s"
[profiles.globex]
organization = "globex"
`;

function failure(text: string): { code: string; message: string; remedy: string } {
  try {
    parseConfig(text, "/c/config.toml");
  } catch (error) {
    if (isCredentialError(error)) return { code: error.code, message: error.message, remedy: error.remedy ?? "" };
    throw error;
  }
  throw new Error("nothing was wrong with it");
}

describe("a valid config.toml", () => {
  test("says organizations and profiles", () => {
    const config = parseConfig(EXAMPLE, "/c/config.toml");
    expect(config.defaultProfile).toBe("acme-dev");
    expect(config.organizations.get("acme")).toEqual({
      source: "sso",
      description: "Bedrock for Acme engineers",
      options: { start_url: "https://acme.awsapps.com/start", region: "eu-west-1" },
      claude: { region: "us-east-1", env: { ANTHROPIC_DEFAULT_SONNET_MODEL: "anthropic.claude" } },
    });
    expect(config.profiles.get("globex")).toEqual({ organization: "globex", options: {} });
    expect(config.profiles.get("acme-dev")?.options).toEqual({ account_id: "123456789012", role_name: "BedrockUser" });
  });

  test("knows the line of every key", () => {
    const { lineOf } = parseConfig(EXAMPLE, "/c/config.toml");
    expect(lineOf("default_profile")).toBe(1);
    expect(lineOf("organizations", "acme", "options", "region")).toBe(8);
    expect(lineOf("organizations", "acme", "claude", "env", "ANTHROPIC_DEFAULT_SONNET_MODEL")).toBe(11);
    expect(lineOf("profiles", "globex")).toBe(24);
    expect(lineOf("nothing")).toBeUndefined();
  });

  test.each([
    ["empty", ""],
    ["only a byte-order mark", "\uFEFF"],
    ["only comments", "# later\n"],
  ])("%s: an empty configuration", (_state, text) => {
    const config = parseConfig(text, "/c/config.toml");
    expect(config.profiles.size + config.organizations.size).toBe(0);
  });

  test("byte-order mark and CRLF: the same", () => {
    const config = parseConfig(`\uFEFF${EXAMPLE.replaceAll("\n", "\r\n")}`, "/c/config.toml");
    expect(config.organizations.get("acme")?.options["region"]).toBe("eu-west-1");
    expect(config.lineOf("organizations", "acme", "options", "region")).toBe(8);
  });

  test("profile with a source of its own and no organization", () => {
    const config = parseConfig('[profiles.mine]\nsource = "@acme/keyspring-source-vault"\n', "/c/config.toml");
    expect(config.profiles.get("mine")?.source).toBe("@acme/keyspring-source-vault");
  });
});

describe("an invalid config.toml", () => {
  test.each([
    ["misspelt table", '[profile.x]\norganization = "a"', "1: unknown key profile", "Did you mean profiles?"],
    [
      "misspelt key",
      '[organizations.acme]\nsorce = "sso"',
      "2: unknown key sorce in [organizations.acme]",
      "Did you mean source?",
    ],
    [
      "option in the wrong table",
      '[organizations.acme]\nsource = "sso"\nstart_url = "x"',
      "3: unknown key start_url",
      "[organizations.acme.options]",
    ],
    [
      "misspelt key of claude",
      '[organizations.a]\nsource = "sso"\nclaude = { regin = "x" }',
      "3: unknown key regin",
      "Did you mean region?",
    ],
    [
      "no source",
      '[organizations.acme]\ndescription = "x"',
      "1: source is missing in [organizations.acme]",
      'Write source = "…"',
    ],
    ["number for text", "default_profile = 7", "1: default_profile must be text in quotes", "default_profile"],
    ["text for a table", '[organizations]\nacme = "sso"', "2: organizations.acme must be a table", "organizations.acme"],
    [
      "text for options",
      '[profiles.x]\norganization = "a"\noptions = "secret-value"',
      "3: profiles.x.options must be a table",
      "",
    ],
    ["name for a shell", '[profiles."x; rm -rf"]\norganization = "a"', "must be a name", ""],
    ["name like an option", '[profiles."--json"]\norganization = "a"', "must be a name", ""],
    [
      "environment name",
      '[organizations.a]\nsource = "sso"\nclaude.env = { lower = "x" }',
      "must be the name of an environment variable",
      "",
    ],
    ["environment number", '[organizations.a]\nsource = "sso"\nclaude.env = { A = 1 }', "must be text in quotes", ""],
    ["no region", '[organizations.a]\nsource = "sso"\nclaude.region = "Ireland"', "must be an AWS region", ""],
    ["source that is a path", '[organizations.a]\nsource = "../evil"', "must be sso, script, process", ""],
    ["profile without organization", '[profiles.x]\ndescription = "x"', "1: profile x names no organization", "organization ="],
    ["profile with both", '[profiles.x]\norganization = "a"\nsource = "sso"', "names both", ""],
    ["table twice", "[profiles.x]\n[profiles.x]\n", ":2:2: trying to redefine", "Correct line 2"],
    ["text without quotes", "default_profile = secret-value", ":1:19: invalid value", "stands in quotes"],
    ["prototype", "[profiles.__proto__]\n", "unsafe property", "line 1"],
  ])("%s", (_state, text, message, remedy) => {
    const found = failure(text);
    expect(found.code).toBe("INVALID_CONFIGURATION");
    expect(found.message).toContain(message);
    expect(found.message).toContain("/c/config.toml");
    expect(found.message + found.remedy).not.toMatch(/secret-value|\n/);
    expect(found.remedy).toContain(remedy);
  });
});

async function load(prepare: (platform: FakePlatform) => void): Promise<unknown> {
  const platform = fakePlatform();
  prepare(platform);
  return loadConfig(platform, folders(platform)).catch((error: unknown) => error);
}

describe("loading", () => {
  const FILE = "/home/ada/.config/keyspring/config.toml";

  test("no file: empty", async () => {
    expect(await load(() => {})).toMatchObject({ file: FILE });
  });

  test("file that everybody may write: refused with the chmod", async () => {
    const error = await load((platform) => platform.files.put(FILE, EXAMPLE, { mode: 0o666 }));
    expect(error).toMatchObject({ code: "INVALID_CONFIGURATION", remedy: `Run: chmod 600 ${FILE}` });
  });

  test("folder of somebody else: refused with the chown", async () => {
    const error = await load((platform) =>
      platform.files.put("/home/ada/.config/keyspring", "", { kind: "folder", uid: 1234, mode: 0o755 }),
    );
    expect(error).toMatchObject({ remedy: "Run: sudo chown -R 1000 /home/ada/.config/keyspring" });
  });

  test("file that root owns: an administrator's, accepted", async () => {
    expect(await load((platform) => platform.files.put(FILE, EXAMPLE, { uid: 0, mode: 0o644 }))).toMatchObject({
      defaultProfile: "acme-dev",
    });
  });

  test("UTF-16, as PowerShell writes it: said so", async () => {
    const platform = fakePlatform();
    await platform.files.writeAtomic(FILE, new Uint8Array([0xff, 0xfe, 0x61, 0x00]), { mode: 0o600 });
    await expect(loadConfig(platform, folders(platform))).rejects.toMatchObject({ remedy: "Save it as UTF-8 (it is UTF-16)." });
  });

  test("Latin-1: said so", async () => {
    const platform = fakePlatform();
    await platform.files.writeAtomic(FILE, new Uint8Array([0x23, 0xe9, 0x0a]), { mode: 0o600 });
    await expect(loadConfig(platform, folders(platform))).rejects.toMatchObject({ message: `${FILE} is not UTF-8 text` });
  });
});

test("the shipped JSON Schema is the current one (pnpm run schema writes it)", async () => {
  const shipped: unknown = JSON.parse(readFileSync(new URL("../../config.schema.json", import.meta.url), "utf8"));
  expect(shipped).toEqual(await configJsonSchema());
});
