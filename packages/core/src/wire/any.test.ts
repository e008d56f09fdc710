import { describe, expect, test } from "vitest";
import { isCredentialError } from "../errors.ts";
import { parseAnyCredentials } from "./any.ts";

const ID = "ASIAFAKEFAKEFAKE0001";
const SECRET = "fakeSecret/NeverIssued+ByAWS/0123456789ab";
const TOKEN = "IQoJfake//////////token+with/base64==";
const END = "2026-01-01T00:00:00Z";
const whole = { accessKeyId: ID, secretAccessKey: SECRET, sessionToken: TOKEN, expiration: new Date(END) };
const { expiration: _end, ...endless } = whole;
const flat = { AccessKeyId: ID, SecretAccessKey: SECRET, SessionToken: TOKEN, Expiration: END };
const camel = { accessKeyId: ID, secretAccessKey: SECRET, sessionToken: TOKEN };

const section = (name: string, id = ID): string =>
  `[${name}]\naws_access_key_id=${id}\naws_secret_access_key = ${SECRET} # secret\naws_session_token\t=\t"${TOKEN}"\nx_security_token_expires = ${END}\nx_principal_arn = arn:x\n`;
const json = (fields: object): string => JSON.stringify({ ...flat, ...fields });

describe("JSON of real tools", () => {
  test.each<[string, unknown, string]>([
    [
      "aws sts assume-role",
      { Credentials: flat, AssumedRoleUser: { AssumedRoleId: "AROA:me", Arn: "arn:aws:sts::1:x" } },
      "sts",
    ],
    ["aws sts assume-role-with-saml", { Credentials: flat, Subject: "me", Issuer: "https://idp", NameQualifier: "q" }, "sts"],
    ["aws sts assume-role-with-web-identity", { Credentials: flat, Provider: "https://idp", Audience: "a" }, "sts"],
    [
      "STS as JSON over HTTP",
      { AssumeRoleResponse: { AssumeRoleResult: { Credentials: { ...flat, Expiration: 1_767_225_600 } } } },
      "sts",
    ],
    ["aws sso get-role-credentials", { roleCredentials: { ...camel, expiration: 1_767_225_600_000 } }, "sso"],
    [
      "aws configure export-credentials",
      { Version: 1, ...flat, Expiration: "2026-01-01T00:00:00+00:00" },
      "credential_process",
    ],
    ["Version as text", { Version: "1", ...flat }, "credential_process"],
    [
      "container endpoint",
      { RoleArn: "arn", AccessKeyId: ID, SecretAccessKey: SECRET, Token: TOKEN, Expiration: END },
      "container",
    ],
    ["SDK identity", { ...camel, expiration: END }, "json"],
    ["credentials in camel case", { credentials: { ...camel, expiration: END } }, "sts"],
    ["snake case", { access_key_id: ID, secret_access_key: SECRET, session_token: TOKEN, expiration: END }, "json"],
    [
      "environment",
      { AWS_ACCESS_KEY_ID: ID, AWS_SECRET_ACCESS_KEY: SECRET, AWS_SESSION_TOKEN: TOKEN, AWS_CREDENTIAL_EXPIRATION: END },
      "json",
    ],
    ["CLI cache", { ProviderType: "sso", Credentials: { ...flat, Expiration: "2026-01-01T00:00:00UTC" } }, "sts"],
  ])("%s", (_, answer, shape) => {
    expect(parseAnyCredentials(JSON.stringify(answer, null, 4))).toEqual({ identity: whole, shape });
    expect(parseAnyCredentials(JSON.stringify(answer))).toEqual({ identity: whole, shape });
  });

  test("between log lines, one of which is JSON and one has a brace too many", () => {
    const log = `{"level":"info","msg":"hi"}\nusing {profile\nit's "quoted\n`;
    expect(parseAnyCredentials(`${log}${JSON.stringify(flat)}\n${log}`).identity).toEqual(whole);
  });

  test("on one line with a banner", () => {
    expect(parseAnyCredentials(`Credentials: ${JSON.stringify(flat)} (done)`).identity).toEqual(whole);
  });

  test("what stands around it is none of the credentials' business", () => {
    const noise = `{"token":"a","sessionToken":"b"}\n$ export AWS_ACCESS_KEY_ID=$(example)\n[a]\naws_access_key_id=x\n`;
    expect(parseAnyCredentials(noise + JSON.stringify(flat)).identity).toEqual(whole);
  });

  test("the same twice, once with its end", () => {
    const { Expiration: _, ...rest } = flat;
    expect(parseAnyCredentials(`${JSON.stringify(rest)}\n${JSON.stringify(flat)}`).identity).toEqual(whole);
  });
});

describe("assignments", () => {
  const names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
  const lines = (line: (name: string, value: string) => string, separator = "\n"): string =>
    names.map((name, at) => line(name, [ID, SECRET, TOKEN][at]!)).join(separator);

  test.each([
    ["export", lines((k, v) => `export ${k}=${v}`)],
    ["export, double quotes, semicolons", lines((k, v) => `export ${k}="${v}";`)],
    ["export, single quotes, CR LF", lines((k, v) => `export ${k}='${v}'`, "\r\n")],
    ["several on one export", `export ${lines((k, v) => `${k}="${v}"`, " ")}`],
    ["several commands on one line", lines((k, v) => `export ${k}=${v}`, "; ")],
    ["joined by &&", lines((k, v) => `export ${k}='${v}'`, " && ")],
    ["assign, then export", lines((k, v) => `${k}=${v}; export ${k}`)],
    [
      "ANSI-C quotes",
      lines((k, v) => `export ${k}=$'${v.replaceAll("/", "\\x2f").replaceAll("+", "\\053").replaceAll("=", "\\u003d")}'`),
    ],
    ["backslashes", lines((k, v) => `export ${k}=${v.replaceAll(/[/+=]/g, "\\$&")}`)],
    ["quotes in mid-word", lines((k, v) => `export ${k}=${v.slice(0, 3)}"${v.slice(3, 6)}"'${v.slice(6)}'`)],
    ["declare -x", lines((k, v) => `declare -x ${k}="${v}"`)],
    ["plain, as env prints", `PATH=/bin:/usr/bin\nPS1=$(x) '\n${lines((k, v) => `${k}=${v}`)}\nHOME=/home/ada`],
    ["comments", `# for acme\n${lines((k, v) => `export ${k}=${v} # ${k}`)}`],
    ["indented", lines((k, v) => `\t  export ${k}=${v}`)],
    ["before a command", `${lines((k, v) => `${k}=${v}`, " ")} aws s3 ls "$BUCKET"`],
    ["csh", lines((k, v) => `setenv ${k} '${v}';`)],
    ["cmd", lines((k, v) => `set ${k}=${v}`, "\r\n")],
    ["cmd, quoted whole", lines((k, v) => `SET "${k}=${v}"`, "\r\n")],
    ["cmd, on one line", lines((k, v) => `set ${k}=${v}`, "&")],
    ["cmd, with @", lines((k, v) => `@set ${k}=${v}  `, "\r\n")],
    ["PowerShell", lines((k, v) => `$Env:${k}="${v}"`)],
    ["PowerShell, blanks, single quotes", lines((k, v) => `$env:${k} = '${v}';`)],
    ["PowerShell, braces, one line", lines((k, v) => `\${env:${k}} = "${v}"`, "; ")],
    ["PowerShell, backtick", lines((k, v) => `$Env:${k} = "${v.replaceAll("/", "`/")}"`)],
    ["PowerShell, bare", lines((k, v) => `$Env:${k} = ${v}`)],
    ["fish", lines((k, v) => `set -gx ${k} "${v}"`)],
    ["fish, bare, long flags", lines((k, v) => `set --global --export ${k} ${v};`)],
    ["fish, single quotes", lines((k, v) => `set -x ${k} '${v}'`, "; ")],
    ["dotenv with blanks in no value", `\ufeff${lines((k, v) => `${k}="${v}"`)}\n`],
    [
      "colours and a banner",
      `\u001b[1mSigned in!\u001b[0m It's fine\n${lines((k, v) => `\u001b[32mexport\u001b[0m ${k}=${v}`)}`,
    ],
    [
      "legacy token as well",
      `${lines((k, v) => `export ${k}=${v}`)}\nexport AWS_SECURITY_TOKEN=${TOKEN}\nexport AWS_REGION=$(region)`,
    ],
    ["legacy names", `AWS_ACCESS_KEY=${ID}\nAWS_SECRET_KEY=${SECRET}\nAWS_SECURITY_TOKEN=${TOKEN}`],
  ])("%s", (_, text) => {
    expect(parseAnyCredentials(text)).toEqual({ identity: endless, shape: "environment" });
  });

  test.each([
    ["AWS_CREDENTIAL_EXPIRATION", END],
    ["AWS_SESSION_EXPIRATION", "2026-01-01T01:00:00+0100"],
    ["X_SECURITY_TOKEN_EXPIRES", "'2026-01-01 00:00:00.000 UTC'"],
    ["AWS_CREDENTIAL_EXPIRATION", "1767225600"],
  ])("with its end as %s=%s", (name, end) => {
    expect(parseAnyCredentials(`${lines((k, v) => `export ${k}=${v}`)}\nexport ${name}=${end}`).identity).toEqual(whole);
  });
});

describe("INI", () => {
  test.each([
    ["one section", section("acme"), undefined],
    ["one section, with [profile …]", section("profile acme"), "acme"],
    ["no header", section("x").slice(4), undefined],
    ["one with keys among others", `[default]\nregion = eu-west-1\n\n${section("acme")}[other]\nrole_arn = x\n`, undefined],
    ["named among several", section("globex", "ASIAOTHER") + section("acme"), "acme"],
    ["CR LF", section("acme").replaceAll("\n", "\r\n"), undefined],
  ])("%s", (_, text, name) => {
    expect(parseAnyCredentials(text, { section: name })).toEqual({ identity: whole, shape: "ini" });
  });

  test("several, none named", () => {
    refused(section("a") + section("b", "ASIAOTHER"), "several sections hold credentials: a, b");
  });

  test("the named one is not there", () => {
    refused(section("a"), "no section of the wanted name holds credentials; there is: a", "b");
  });
});

describe("refused, saying what is missing and no value", () => {
  test.each([
    ["empty", " \r\n", "the output is empty"],
    ["only a banner", "Hello, ada!", "the output holds no credentials in any known form (JSON, assignments, INI section)"],
    ["HTML", "<html>login</html>", "the output is XML or HTML, not credentials"],
    [
      "an error as JSON",
      '{"error":"denied","description":"no"}',
      "the output is a JSON object without credentials (its keys: error, description)",
    ],
    ["JSON cut off", json({}).slice(0, -20), "the output begins like JSON but is no valid JSON"],
    ["no secret", json({ SecretAccessKey: undefined }), "the output has no SecretAccessKey"],
    ["no key id", json({ AccessKeyId: null }), "the output has no AccessKeyId"],
    [
      "no token for a temporary key",
      json({ SessionToken: "" }),
      "the output has no SessionToken, which a temporary access key (ASIA…) needs",
    ],
    ["a number", json({ SecretAccessKey: 5 }), "SecretAccessKey is not a text"],
    [
      "a blank in it",
      json({ SecretAccessKey: "a b" }),
      "SecretAccessKey holds a space or another character that no AWS credential has",
    ],
    [
      "a line end in it",
      json({ SessionToken: `${TOKEN}\n` }),
      "SessionToken holds a space or another character that no AWS credential has",
    ],
    ["a placeholder", json({ AccessKeyId: "<your-key>" }), "AccessKeyId holds characters that no access key id has"],
    ["a token without end", json({ SessionToken: "x".repeat(40_000) }), "SessionToken is longer than 32768 characters"],
    ["two tokens", json({ Token: "other" }), "the JSON sets SessionToken, Token to different values"],
    ["another version", json({ Version: 2 }), "Version is not 1, the only version of credential_process output"],
    ["two different answers", json({}) + json({ AccessKeyId: "ASIAOTHER" }), "the output holds several different credentials"],
    [
      "a time without zone",
      json({ Expiration: "2026-01-01T00:00:00" }),
      "Expiration says no time zone: SDKs would read it differently",
    ],
    ["no time", json({ Expiration: "soon" }), "Expiration is no ISO 8601 time"],
    [
      "a day that is none",
      json({ Expiration: "2026-02-30T00:00:00Z" }),
      "Expiration is no time between the years 2000 and 2200",
    ],
    ["a variable", `export AWS_ACCESS_KEY_ID=$KEY`, /AWS_ACCESS_KEY_ID would have to be evaluated by a shell/],
    ["a variable in quotes", `export AWS_ACCESS_KEY_ID="\${KEY}"`, /would have to be evaluated/],
    ["a substitution", `export AWS_SECRET_ACCESS_KEY=$(cat ~/key)`, /AWS_SECRET_ACCESS_KEY would have to be evaluated/],
    ["backticks", "export AWS_SECRET_ACCESS_KEY=`cat key`", /AWS_SECRET_ACCESS_KEY would have to be evaluated/],
    ["fish's substitution", "set -gx AWS_SESSION_TOKEN (cat token)", /AWS_SESSION_TOKEN would have to be evaluated/],
    ["cmd's variable", 'set "AWS_SESSION_TOKEN=%TOKEN%"', /AWS_SESSION_TOKEN would have to be evaluated/],
    ["PowerShell's variable", '$Env:AWS_SESSION_TOKEN = "$token"', /AWS_SESSION_TOKEN would have to be evaluated/],
    ["PowerShell's command", "$Env:AWS_SESSION_TOKEN = (token)", /AWS_SESSION_TOKEN would have to be evaluated/],
    ["bash's array", "AWS_SESSION_TOKEN=(a)", /AWS_SESSION_TOKEN would have to be evaluated/],
    ["PowerShell's expression", "$Env:AWS_SESSION_TOKEN = 'a' + 'b'", /AWS_SESSION_TOKEN is followed by text/],
    ["a quote without end", `export AWS_SESSION_TOKEN='abc`, /AWS_SESSION_TOKEN begins with a quote that does not end/],
    [
      "set twice",
      `AWS_ACCESS_KEY_ID=${ID}\nAWS_ACCESS_KEY_ID=ASIAOTHER`,
      "the output sets AWS_ACCESS_KEY_ID twice, to different values",
    ],
    ["half of it", `export AWS_ACCESS_KEY_ID=${ID}`, "the output has no AWS_SECRET_ACCESS_KEY"],
    ["too long", "x".repeat(5_000_000), "the output is longer than 4 MiB"],
  ])("%s", (_, text, message) => {
    refused(text, message);
  });

  test("an array of credentials is ambiguous, of one is not", () => {
    expect(parseAnyCredentials(JSON.stringify([flat])).identity).toEqual(whole);
    refused(JSON.stringify([flat, { ...flat, SecretAccessKey: "other" }]), "the output holds several different credentials");
  });

  test("a million braces, quickly", () => {
    const start = performance.now();
    refused("{".repeat(1_000_000), "the output begins like JSON but is no valid JSON");
    refused('{"'.repeat(500_000), "the output begins like JSON but is no valid JSON");
    refused("[".repeat(1_000_000), /no credentials/);
    refused("AWS_X='".repeat(100_000), /no credentials/);
    refused("\u001b]".repeat(500_000), /./);
    for (const beginning of ["set -gx AWS_X '", 'export AWS_X="', "AWS_X=$'", "$Env:AWS_X = '", "AWS_X=", "[", "aws_x = "])
      refused(beginning + "\\x".repeat(500_000), /no credentials/);
    expect(performance.now() - start).toBeLessThan(30_000);
  }, 60_000);
});

function refused(text: string, message: string | RegExp, inSection?: string): void {
  try {
    parseAnyCredentials(text, { section: inSection });
  } catch (error) {
    if (!isCredentialError(error)) throw error;
    expect(error.code).toBe("INVALID_OUTPUT");
    expect(error.message).toMatch(message);
    expect(error.remedy).toMatch(/\S/);
    const said = `${error.message} ${error.remedy}`;
    for (const secret of [SECRET, TOKEN]) expect(said).not.toContain(secret);
    return;
  }
  expect.fail("nothing was refused");
}
