import { chmodSync, chownSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { badCases, snapshot, type BadCase } from "../bad-input/case.ts";
import { exportedCredentials } from "../lib/expect.ts";
import { house as newHouse, type House } from "../lib/house.ts";
import type { Finished } from "../lib/process.ts";
import { settingsOf } from "./claude-settings.ts";

const JSON_LINE = `printf '{"Credentials":{"AccessKeyId":"%s","SecretAccessKey":"%s","SessionToken":"%s","Expiration":"%s"}}\\n' "$K" "$S" "$T" "$E"`;
const ASSIGNMENTS = `echo "export AWS_ACCESS_KEY_ID='$K'"; echo "export AWS_SECRET_ACCESS_KEY='$S'"; echo "export AWS_SESSION_TOKEN='$T'"; echo "export AWS_CREDENTIAL_EXPIRATION='$E'"`;

/** `grant.sh` of this text, with living credentials in the environment as `K`, `S`, `T`, `E`: no file holds them. */
async function grant(house: House, body: string, mode = 0o700): Promise<string> {
  const given = await house.simulator.control.roleCredentials();
  const { accessKeyId: K, secretAccessKey: S, sessionToken: T } = given;
  Object.assign(house.env, { K, S, T, E: new Date(given.expiration).toISOString() });
  const file = house.write("bin/grant.sh", `#!/bin/sh\n${body}\n`, mode);
  chmodSync(file, mode);
  chmodSync(house.path("bin"), 0o755);
  return file;
}

const APPLY = ["settings", "apply", "--yes", "--credential-export"];

/** A hand-written command that must be refused. */
function refused(state: string, body: string, what: RegExp, next: RegExp, more: Partial<BadCase> = {}): BadCase {
  return {
    state,
    arrange: (house) => grant(house, body),
    argv: ({ path }) => [...APPLY, path("bin/grant.sh")],
    exitCode: 2,
    what,
    next,
    ...more,
  };
}

const mode = (bits: number): Partial<BadCase> => ({ arrange: (house) => grant(house, JSON_LINE, bits) });
const WRAP = /^Run the command again with --wrap/;

badCases("a command of one's own is refused", [
  refused(
    "a relative path",
    JSON_LINE,
    /--credential-export: .*bin\/grant\.sh.*(?:relative|no absolute path)/,
    /^Write \/\S+\/bin\/grant\.sh instead/,
    { argv: [...APPLY, "bin/grant.sh"] },
  ),
  refused("a bare name", JSON_LINE, /--credential-export: .*no absolute path/, /absolute path|Write \//, {
    argv: [...APPLY, "grant.sh"],
  }),
  refused("a file that is not there", JSON_LINE, /--credential-export: \S+gone\.sh does not exist/, /Correct/, {
    argv: ({ path }) => [...APPLY, path("bin/gone.sh")],
  }),
  refused("a folder", JSON_LINE, /--credential-export: \S+bin is no file/, /Give the path of the program itself/, {
    argv: ({ path }) => [...APPLY, path("bin")],
  }),
  refused("an empty command", JSON_LINE, /--credential-export: .*is empty/, /leave --credential-export out/, {
    argv: [...APPLY, ""],
  }),
  refused("a built-in of the shell", JSON_LINE, /--credential-export: no program can be made out/, /Put the line in a script/, {
    argv: [...APPLY, "eval true"],
  }),
  refused("not executable", "", /grant\.sh is not executable for you/, /^Run: chmod u\+rx \S+grant\.sh$/, {
    ...mode(0o600),
    mended: 0,
  }),
  refused(
    "everybody may write it",
    "",
    /grant\.sh can be written by other users \(mode 0777\)/,
    /^Run: chmod go-w \S+grant\.sh$/,
    { ...mode(0o777), mended: 0 },
  ),
  refused(
    "its group may write it",
    "",
    /grant\.sh can be written by other users \(mode 0770\)/,
    /^Run: chmod go-w \S+grant\.sh$/,
    { ...mode(0o770), mended: 0 },
  ),
  refused("everybody may write its folder", "", /bin can be written by other users \(mode 0777\)/, /^Run: chmod go-w \S+bin$/, {
    arrange: async (house) => {
      await grant(house, JSON_LINE);
      chmodSync(house.path("bin"), 0o777);
    },
    mended: 0,
  }),
  refused("another user's", "", /grant\.sh belongs to another user \(uid 12345\)/, /^Run: sudo chown root \S+grant\.sh$/, {
    needs: ["root"],
    arrange: async (house) => chownSync(await grant(house, JSON_LINE), 12_345, 12_345),
  }),
  refused(
    "exits with 1",
    "echo 'the vault is sealed' >&2; exit 1",
    /exit code 1: the vault is sealed/,
    /Run it in this terminal until it works/,
  ),
  refused("floods", "while :; do echo spam spam spam spam; done", /printed more than 1 MiB/, /nothing else/),
  refused("prints nothing", "true", /printed no credentials/, /\S/),
  refused(
    "prints long-term keys",
    `echo '{"AccessKeyId":"AKIAIOSFODNN7EXAMPLE","SecretAccessKey":"'"$S"'"}'`,
    /long-term keys, without a session token/,
    /temporary credentials/,
  ),
  refused("prints what has expired", `E=2026-01-01T00:00:00Z; ${JSON_LINE}`, /already expired/, /new ones/),
  refused("prints lines to be evaluated", ASSIGNMENTS, /prints variable assignments, not JSON/, WRAP),
  refused(
    "prints a banner before its JSON",
    `echo 'Welcome to Globex!'; ${JSON_LINE}`,
    /in company that Claude Code does not read/,
    WRAP,
  ),
  refused("hangs", "sleep 600", /had not ended after 10 s/, WRAP),
  refused("asks a question", "printf 'MFA code: ' >&2; read -r code || exit 1", /asks a question/, WRAP),
  refused("a refresh command that is not there", JSON_LINE, /--auth-refresh: no-such-program is found nowhere in PATH/, /\S/, {
    argv: ({ path }) => [...APPLY, path("bin/grant.sh"), "--auth-refresh", "no-such-program login"],
  }),
  refused("a region that is none", JSON_LINE, /`us east` is no AWS region/, /^Give one like us-east-1 with --region/, {
    argv: ({ path }) => [...APPLY, path("bin/grant.sh"), "--region", "us east"],
  }),
  refused(
    "a name for --wrap that is taken",
    ASSIGNMENTS,
    /there is already a profile acme, which is something else/,
    /--profile acme-2/,
    {
      argv: ({ path }) => [...APPLY, path("bin/grant.sh"), "--wrap", "--profile", "acme"],
    },
  ),
  refused("--wrap of what cannot be cured", "exit 1", /exit code 1/, /until it works/, {
    argv: ({ path }) => [...APPLY, path("bin/grant.sh"), "--wrap"],
  }),
  refused(
    "--wrap without a command",
    "true",
    /--wrap goes with --credential-export only/,
    /--credential-export COMMAND --wrap/,
    {
      argv: ["settings", "apply", "--wrap"],
    },
  ),
  refused("--wrap of a refresh command alone", "true", /--wrap goes with --credential-export only/, /^Leave --wrap out/, {
    argv: ["settings", "apply", "--wrap", "--auth-refresh", "/bin/true"],
  }),
  refused(
    "--aws-profile without a command",
    "true",
    /--aws-profile goes with commands of your own only/,
    /--delivery profile/,
    {
      argv: ["settings", "apply", "--aws-profile", "dev"],
    },
  ),
  refused(
    "--delivery of a command of one's own",
    JSON_LINE,
    /--delivery goes with a profile of Keyspring's only/,
    /--profile NAME/,
    {
      argv: ({ path }) => [...APPLY, path("bin/grant.sh"), "--delivery", "export"],
    },
  ),
]);

/** What Claude Code would run for credentials, run as Claude Code does. */
async function asClaudeCode(house: House): Promise<Finished> {
  const { awsCredentialExport } = settingsOf(house);
  return house.run("/bin/sh", ["-c", awsCredentialExport!], { handsOut: true, stdin: "open" });
}

const CONFIG = ".config/keyspring/config.toml";
const profiles = async (house: House): Promise<unknown[]> =>
  (JSON.parse((await house.keyspring("status", "--json")).stdout) as { profiles: { profile: string }[] }).profiles.map(
    ({ profile }) => profile,
  );

describe.concurrent("a command of one's own is taken", () => {
  it("as it is: its JSON is what Claude Code reads", async ({ onTestFinished }) => {
    const house = await newHouse({ onFinished: onTestFinished });
    const file = await grant(house, JSON_LINE);
    const old = snapshot(house.home);
    const applied = await house.keyspring(...APPLY, file, "--description", "the grant of Globex");
    expect(applied).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("Setting applied. Changes:\n  awsCredentialExport = "),
    });
    expect(settingsOf(house)).toEqual({ awsCredentialExport: file, env: { CLAUDE_CODE_USE_BEDROCK: "1" } });
    exportedCredentials(await asClaudeCode(house));
    const shown = await house.keyspring("settings", "show");
    expect(shown.stdout).toContain("the grant of Globex");
    expect(await house.keyspring("settings", "check")).toMatchObject({ exitCode: 0 });
    await house.keyspring("settings", "remove");
    expect([...snapshot(house.home).keys()].filter((path) => !path.startsWith("/.local")).toSorted()).toEqual(
      [...old.keys()].toSorted(),
    );
  });

  it("aws sso login as the refresh command, found in PATH", async ({ onTestFinished }) => {
    const house = await newHouse({ onFinished: onTestFinished });
    const file = await grant(house, JSON_LINE);
    house.write("bin/aws", "#!/bin/sh\nexit 0\n", 0o755);
    house.env["PATH"] = `${house.path("bin")}:${house.env["PATH"]}`;
    const line = "aws sso login --profile myprofile";
    const applied = await house.keyspring(...APPLY, file, "--auth-refresh", line, "--aws-profile", "myprofile");
    expect({ exitCode: applied.exitCode, stderr: applied.stderr }).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("AWS_PROFILE=myprofile"),
    });
    expect(settingsOf(house)).toEqual({
      awsCredentialExport: file,
      awsAuthRefresh: line,
      env: { CLAUDE_CODE_USE_BEDROCK: "1", AWS_PROFILE: "myprofile" },
    });
  });

  it("the refresh command alone", async ({ onTestFinished }) => {
    const house = await newHouse({ onFinished: onTestFinished });
    const file = house.write("bin/login.sh", "#!/bin/sh\nexit 0\n", 0o755);
    expect(await house.keyspring("settings", "apply", "--auth-refresh", `${file} --quietly`)).toMatchObject({ exitCode: 0 });
    expect(settingsOf(house).awsAuthRefresh).toBe(`${file} --quietly`);
  });

  it("AWS_PROFILE reaches the command while it is judged, as it will under Claude Code", async ({ onTestFinished }) => {
    const house = await newHouse({ onFinished: onTestFinished });
    const file = await grant(house, `[ "$AWS_PROFILE" = dev ] || exit 1\n${JSON_LINE}`);
    expect(await house.keyspring(...APPLY, file, "--aws-profile", "dev")).toMatchObject({ exitCode: 0 });
  });

  const CURED: Readonly<Record<string, string>> = {
    "lines to be evaluated": ASSIGNMENTS,
    "a banner before its JSON": `echo 'Welcome to Globex!'; echo; ${JSON_LINE}`,
    "assignments without export, in double quotes": `echo "AWS_ACCESS_KEY_ID=\\"$K\\""; echo "AWS_SECRET_ACCESS_KEY=\\"$S\\""; echo "AWS_SESSION_TOKEN=\\"$T\\""`,
    "an INI section": `printf '[default]\\naws_access_key_id = %s\\naws_secret_access_key = %s\\naws_session_token = %s\\n' "$K" "$S" "$T"`,
    "JSON, which needs no cure": JSON_LINE,
  };
  for (const [name, body] of Object.entries(CURED))
    it(`--wrap: ${name}`, async ({ onTestFinished }) => {
      const house = await newHouse({ onFinished: onTestFinished });
      const config = house.read(".config/keyspring/config.toml");
      const file = await grant(house, body);
      const applied = await house.keyspring(...APPLY, file, "--wrap", "--auth-refresh", "/bin/true", "--region", "us-west-2");
      expect({ exitCode: applied.exitCode, stderr: applied.stderr }).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining("as the profile grant"),
      });
      // What people wrote stays as it was.
      expect(house.read(".config/keyspring/config.toml").startsWith(config)).toBe(true);
      const credentials = exportedCredentials(await asClaudeCode(house));
      expect(credentials).toMatchObject({ AccessKeyId: house.env["K"], SessionToken: house.env["T"] });
      expect(settingsOf(house).env).toMatchObject({ AWS_REGION: "us-west-2" });
      expect(
        await house.keyspring(...APPLY, file, "--wrap", "--auth-refresh", "/bin/true", "--region", "us-west-2"),
      ).toMatchObject({ exitCode: 0 });
      expect(await house.keyspring("settings", "check")).toMatchObject({ exitCode: 0 });
      expect(await house.keyspring("settings", "remove")).toMatchObject({ exitCode: 0 });
    });

  it("--wrap, then remove: its profile goes too, unless somebody changed it", async ({ onTestFinished }) => {
    const house = await newHouse({ onFinished: onTestFinished });
    const file = await grant(house, ASSIGNMENTS);
    expect(await house.keyspring(...APPLY, file, "--wrap")).toMatchObject({ exitCode: 0 });
    expect(await house.keyspring(...APPLY, file, "--wrap", "--region", "us-west-2")).toMatchObject({ exitCode: 0 });
    expect(await profiles(house)).toEqual(["acme", "grant"]);
    expect(await house.keyspring("settings", "apply", "--yes")).toMatchObject({ exitCode: 0 });
    const removed = await house.keyspring("settings", "remove");
    expect(removed.stderr).toMatch(/Its profile grant was taken out of \S+config\.toml/);
    expect(await profiles(house)).toEqual(["acme"]);

    expect(await house.keyspring(...APPLY, file, "--wrap")).toMatchObject({ exitCode: 0 });
    house.write(CONFIG, house.read(CONFIG).replace("[profiles.grant.options]", '[profiles.grant.options]\ntimeout = "20s"'));
    expect((await house.keyspring("settings", "remove")).stderr).toMatch(
      /Its profile grant stays in \S+, because somebody changed/,
    );
    expect(await profiles(house)).toEqual(["acme", "grant"]);
  });

  it("--wrap in two scopes: its profile goes with the last of them", async ({ onTestFinished }) => {
    const house = await newHouse({ onFinished: onTestFinished });
    const file = await grant(house, ASSIGNMENTS);
    expect(await house.keyspring(...APPLY, file, "--wrap")).toMatchObject({ exitCode: 0 });
    expect(await house.keyspring(...APPLY, file, "--wrap", "--scope", "local")).toMatchObject({ exitCode: 0 });
    expect((await house.keyspring("settings", "remove")).stderr).not.toContain("profile grant");
    expect(await profiles(house)).toEqual(["acme", "grant"]);
    expect((await house.keyspring("settings", "remove", "--scope", "local")).stderr).toContain("profile grant was taken out");
    expect(await profiles(house)).toEqual(["acme"]);
  });

  it("--wrap by a profile that somebody wrote: their options stay, and so does it", async ({ onTestFinished }) => {
    const house = await newHouse({ onFinished: onTestFinished });
    const file = await grant(house, ASSIGNMENTS);
    const theirs = `\n[profiles.grant]\nsource = "script"\n[profiles.grant.options]\nshell = true\ncommand = "${file}"\ntimeout = "20s"\n`;
    const config = house.read(CONFIG) + theirs;
    house.write(CONFIG, config);
    expect(await house.keyspring(...APPLY, file, "--wrap")).toMatchObject({ exitCode: 0 });
    expect(house.read(CONFIG)).toBe(config);
    expect(await house.keyspring("settings", "remove")).toMatchObject({ exitCode: 0 });
    expect(house.read(CONFIG)).toBe(config);
  });

  it("--wrap with --aws-profile: the command gets it, Claude Code does not", async ({ onTestFinished }) => {
    const house = await newHouse({ onFinished: onTestFinished });
    const file = await grant(house, `[ "$AWS_PROFILE" = dev ] || exit 1\n${ASSIGNMENTS}`);
    expect(await house.keyspring(...APPLY, file, "--wrap", "--aws-profile", "dev")).toMatchObject({ exitCode: 0 });
    expect(settingsOf(house).env).not.toHaveProperty("AWS_PROFILE");
    expect(exportedCredentials(await asClaudeCode(house))).toMatchObject({ AccessKeyId: house.env["K"] });
  });

  it("--wrap, not signed in: refresh runs the sign-in, and then there are credentials", async ({ onTestFinished }) => {
    const house = await newHouse({ onFinished: onTestFinished });
    const file = await grant(
      house,
      `[ -e "$HOME/signed-in" ] || [ -n "$FIRST" ] || { echo 'sign in first' >&2; exit 3; }\n${ASSIGNMENTS}`,
    );
    const login = house.write(
      "bin/login.sh",
      '#!/bin/sh\necho "Open https://login.globex.example/device and enter ABCD-EFGH"\n: > "$HOME/signed-in"\n',
      0o755,
    );
    house.env["FIRST"] = "1";
    expect(await house.keyspring(...APPLY, file, "--wrap", "--auth-refresh", login)).toMatchObject({ exitCode: 0 });
    house.env["FIRST"] = "";
    const { awsAuthRefresh } = settingsOf(house);
    const refreshed = await house.run("/bin/sh", ["-c", awsAuthRefresh!], { stdin: "open" });
    expect(refreshed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("https://login.globex.example/device") });
    exportedCredentials(await asClaudeCode(house));
  });
});
