import { fakePlatform, type FakePlatform } from "@keyspring/core/testing";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AwsConfig } from "./aws-config.ts";
import { parseIni } from "./parse-ini.ts";
import { readAwsConfig } from "./read-aws-config.ts";

function read(config: string, credentials = "", platform: FakePlatform = fakePlatform()): Promise<AwsConfig> {
  platform.files.put("/home/ada/.aws/config", config);
  if (credentials !== "") platform.files.put("/home/ada/.aws/credentials", credentials);
  return readAwsConfig(platform);
}
const valueOf = (aws: AwsConfig, profile: string, key: string): string | undefined =>
  aws.profiles.get(profile)?.entries.get(key)?.value;
const warningsOf = (aws: AwsConfig): string[] => aws.warnings.map(({ line, message }) => `${line}: ${message}`);

describe("what every SDK reads alike", () => {
  test("sections, comments, spaces, CRLF, byte-order mark", async () => {
    const aws = await read(
      "\uFEFF# mine\r\n[default]\r\nregion=us-east-1\r\n\r\n; more\r\n[profile acme]\r\nsso_session = acme\r\n[sso-session acme]\r\nsso_start_url = https://acme.awsapps.com/start#/\r\n[services s]\r\ndynamodb =\r\n  endpoint_url = http://localhost:8000\r\n",
    );
    expect(valueOf(aws, "default", "region")).toBe("us-east-1");
    expect(valueOf(aws, "acme", "sso_session")).toBe("acme");
    expect(aws.ssoSessions.get("acme")?.entries.get("sso_start_url")).toEqual({
      value: "https://acme.awsapps.com/start#/",
      file: "/home/ada/.aws/config",
      line: 9,
    });
    expect(aws.services.get("s")?.entries.get("dynamodb")?.nested?.get("endpoint_url")).toBe("http://localhost:8000");
    expect(aws.warnings).toEqual([]);
  });

  test("nested keys are not keys of the profile", async () => {
    const aws = await read("[profile x]\ns3 =\n  region = eu-west-1\n  max = 1\nregion = us-east-1\n");
    expect(valueOf(aws, "x", "region")).toBe("us-east-1");
    expect(warningsOf(aws)).toEqual([]);
  });

  test("a profile in both files: joined key by key, credentials win, secrets are not kept", async () => {
    const aws = await read(
      "[profile x]\nregion = eu-west-1\naws_access_key_id = OLD\n",
      "[x]\naws_access_key_id = NEW\naws_secret_access_key = TopSecretValue\naws_session_token = TopSecretValue\n",
    );
    expect(valueOf(aws, "x", "region")).toBe("eu-west-1");
    expect(valueOf(aws, "x", "aws_access_key_id")).toBe("NEW");
    expect(aws.profiles.get("x")?.entries.has("aws_secret_access_key")).toBe(true);
    expect(JSON.stringify([...aws.profiles.get("x")!.entries])).not.toContain("TopSecretValue");
  });

  test("[default] and [profile default] are one", async () => {
    const aws = await read("[default]\nregion = a\n[profile default]\noutput = json\n");
    expect([...aws.profiles.get("default")!.entries.keys()]).toEqual(["region", "output"]);
  });

  test.each(["__proto__", "constructor", "toString"])("a profile named %s is a profile like others", async (name) => {
    const aws = await read(`[profile ${name}]\nregion = eu-west-1\n`);
    expect([...aws.profiles.keys()]).toEqual([name]);
    expect(valueOf(aws, "nobody", "region")).toBeUndefined();
  });
});

describe("what SDKs read differently", () => {
  test.each([
    ["duplicate section", "[profile x]\na = 1\n[profile x]\nb = 2\n", "3: [profile x] stands here twice", "b", "2"],
    ["duplicate key", "[profile x]\na = 1\na = 2\n", "3: a stands here twice", "a", "2"],
    ["comment after a value", "[profile x]\na = b # c\n", "2: a is followed by a comment", "a", "b"],
    ["semicolon after a value", "[profile x]\na = b ;c\n", "2: a is followed by a comment", "a", "b"],
    ["number sign in quotes", '[profile x]\na = sh -c "b # c"\n', '2: a has " #"', "a", 'sh -c "b # c"'],
    ["semicolon in single quotes", "[profile x]\na = sh -c 'b ; c'\n", "2: a has", "a", "sh -c 'b ; c'"],
    ["apostrophe, then a comment", "[profile x]\na = it's # c\n", "2: a is followed by a comment", "a", "it's"],
    ["name with a space", '[profile "x"]\na = 1\n[profile "my prof"]\na = 1\n', "3: the JavaScript SDK", "a", "1"],
    ["capital letters in a key", "[profile x]\nSSO_Region = y\n", "2: SSO_Region is not in lower case", "sso_region", "y"],
    ["indented key after a value", "[profile x]\nb = 1\n  a = 2\n", "3: a is indented", "a", "2"],
  ])("%s", async (_state, text, warning, key, value) => {
    const aws = await read(text);
    expect(warningsOf(aws)).toEqual([expect.stringContaining(warning)]);
    expect(valueOf(aws, "x", key)).toBe(value);
  });

  test.each([
    ["[DEFAULT]", "[DEFAULT]\na = 1\n", "1: boto3 gives the keys"],
    ["section without a word before its name", "[acme]\na = 1\n", "1: no SDK reads [acme]"],
    ["header without an end", "[profile x\na = 1\n", "1: a section's header has no end"],
    ["key before any section", "a = 1\n[profile x]\n", "1: this stands in no section"],
    ["line that is nothing", "[profile x]\nnonsense\n", "2: this is no `key = value`"],
    ["second line of a value", "[profile x]\na = 1\n  more\n", "3: a value that goes on"],
  ])("%s: nothing of it is a profile's key", async (_state, text, warning) => {
    const aws = await read(text);
    expect(warningsOf(aws)[0]).toContain(warning);
    expect(aws.profiles.get("x")?.entries.size ?? 0).toBeLessThan(2);
  });

  test("[profile w] in the credentials file is no profile w", async () => {
    const aws = await read("", "[profile w]\na = 1\n");
    expect(aws.profiles.size).toBe(0);
    expect(aws.warnings[0]).toMatchObject({ file: "/home/ada/.aws/credentials", section: "profile w" });
  });
});

describe("files", () => {
  test("none: empty", async () => {
    const aws = await readAwsConfig(fakePlatform());
    expect([aws.profiles.size, aws.ssoSessions.size, aws.warnings.length]).toEqual([0, 0, 0]);
  });

  test("named by the environment, with ~ and relative", async () => {
    const platform = fakePlatform({ env: { AWS_CONFIG_FILE: "~/aws/c", AWS_SHARED_CREDENTIALS_FILE: "cred" }, cwd: "/srv" });
    platform.files.put("/home/ada/aws/c", "[profile one]\n");
    platform.files.put("/srv/cred", "[two]\n");
    expect([...(await readAwsConfig(platform)).profiles.keys()]).toEqual(["one", "two"]);
  });

  test("Windows", async () => {
    const platform = fakePlatform({ os: "win32" });
    platform.files.put("C:\\Users\\ada\\.aws\\config", "[profile one]\r\n");
    expect([...(await readAwsConfig(platform)).profiles.keys()]).toEqual(["one"]);
  });

  test("one unreadable: said with the file, the other is read", async () => {
    const platform = fakePlatform();
    platform.files.put("/home/ada/.aws/credentials", "[one]\n");
    platform.files.fail("read", "EACCES");
    const { problems, profiles } = await readAwsConfig(platform);
    expect(problems).toMatchObject([{ code: "INVALID_CONFIGURATION", message: "/home/ada/.aws/config cannot be read" }]);
    expect([...profiles.keys()]).toEqual(["one"]);
  });
});

test("any bytes: read without failing, lines right", () => {
  const line = fc.oneof(fc.string(), fc.constantFrom("[profile a]", "k = v", "  n = v", "k =", "[", "=", "# c", "k = 'a # b"));
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const { sections, warnings } = parseIni(lines.join("\n"));
      const count = lines.join("\n").split(/\r\n|\n|\r/).length;
      for (const one of [...sections, ...warnings]) expect(one.line).toBeLessThanOrEqual(count);
    }),
    { numRuns: 200 },
  );
});
