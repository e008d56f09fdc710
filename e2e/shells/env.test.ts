import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseAnyCredentials, parseEnvironment } from "@keyspring/core";
import { exportedCredentials } from "../lib/expect.ts";
import { ACME_CONFIG, house, KEYSPRING, NODE, type House } from "../lib/house.ts";
import { describeWith, missingProgram } from "../lib/needs.ts";
import { putToken } from "../lib/signed-in.ts";

/** What somebody else left behind in the shell: each would win over the new keys, or spoil them. */
const LEFT_OVERS = {
  AWS_PROFILE: "somebody-else",
  AWS_ACCESS_KEY_ID: "AKIASOMEBODYELSE0000",
  AWS_SESSION_TOKEN: "somebody else's",
  AWS_SECURITY_TOKEN: "somebody else's",
};
const SHOWN = [
  "AWS_PROFILE",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_SECURITY_TOKEN",
  "AWS_REGION",
];
/** Tells, in the shell's own child, what a program there would find. */
const NAMES = JSON.stringify(SHOWN);
const SHOW = `"${NODE}" -e 'process.stdout.write(JSON.stringify(${NAMES}.map((name) => process.env[name] ?? null)))'`;
const ENV = `"${NODE}" "${KEYSPRING}" env`;

/** Shells and the line that a person types in them, from the command's own help. No format is named: Keyspring has to find out. */
const SHELLS: readonly (readonly [shell: string, args: readonly string[], line: string])[] = [
  ["bash", ["--norc"], `eval "$(${ENV})"`],
  ["dash", [], `eval "$(${ENV})"`],
  ["zsh", ["-f"], `eval "$(${ENV})"`],
  ["fish", ["--no-config"], `${ENV} | source`],
];

const BEDROCK_CONFIG = ACME_CONFIG.replace("[profiles.acme]\n", '[profiles.acme]\nregion = "us-west-2"\n');

async function expected(home: House): Promise<(string | null)[]> {
  const { AccessKeyId, SecretAccessKey, SessionToken } = exportedCredentials(await home.keyspring("export"));
  return [null, AccessKeyId, SecretAccessKey, SessionToken, null, null];
}

for (const [shell, args, line] of SHELLS) {
  // dash knows no --version.
  describeWith(`keyspring env in ${shell}`, missingProgram(shell, "-c", "true"), () => {
    it("leftovers of somebody else around: the shell's programs find these credentials and nothing else", async () => {
      const home = await house();
      await putToken(home);
      const env = { ...home.env, ...LEFT_OVERS, SHELL: "/bin/nothing" };
      const { exitCode, stdout, stderr } = await home.run(shell, [...args, "-c", `${line}\n${SHOW}`], { env, handsOut: true });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(JSON.parse(stdout)).toEqual(await expected(home));
    });

    it("not signed in: nothing is set or unset, and what to type is said", async () => {
      const home = await house();
      const env = { ...home.env, ...LEFT_OVERS };
      const { stdout, stderr } = await home.run(shell, [...args, "-c", `${line}\n${SHOW}`], { env });
      expect(JSON.parse(stdout)).toEqual(SHOWN.map((name) => (LEFT_OVERS as Record<string, string>)[name] ?? null));
      expect(stderr).toContain("Run: keyspring login --profile acme");
    });

    it("in a script, login shell another one: the shell that runs the script decides", async () => {
      const home = await house();
      await putToken(home);
      const script = home.write("script", `${line}\n${SHOW}\n`);
      const env = { ...home.env, ...LEFT_OVERS, SHELL: "/usr/bin/pwsh" };
      const { exitCode, stdout, stderr } = await home.run(shell, [...args, script], { env, handsOut: true });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(JSON.parse(stdout)).toEqual(await expected(home));
    });
  });
}

describe("keyspring env for shells that do not run here: read back by Keyspring's own parser", () => {
  const REMOVED = {
    powershell: "Remove-Item Env:AWS_PROFILE",
    cmd: 'set "AWS_PROFILE="',
    sh: "unset AWS_PROFILE",
    fish: "set -e AWS_PROFILE",
    dotenv: undefined,
  };

  it("every syntax: the same credentials come back, and somebody else's leftovers are removed", async () => {
    const home = await house();
    await putToken(home);
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = exportedCredentials(await home.keyspring("export"));
    const identity = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    for (const [format, removed] of Object.entries(REMOVED)) {
      const { exitCode, stdout } = await home.start(["env", "--format", format], { env: { ...home.env, ...LEFT_OVERS } })
        .finished;
      expect(exitCode).toBe(0);
      expect({ ...parseEnvironment(stdout) }).toMatchObject({ ...identity, expiration: new Date(Expiration) });
      if (removed !== undefined) expect(stdout).toContain(removed);
    }
  });

  it("json: one object that any program reads", async () => {
    const home = await house();
    await putToken(home);
    const { AccessKeyId } = exportedCredentials(await home.keyspring("export"));
    const { stdout } = await home.keyspring("env", "--format", "json");
    expect(JSON.parse(stdout)).toMatchObject({ AWS_ACCESS_KEY_ID: AccessKeyId });
    expect(parseAnyCredentials(stdout).identity.accessKeyId).toBe(AccessKeyId);
  });
});

describe("keyspring env for files", () => {
  it("dotenv: Node reads it with --env-file", async () => {
    const home = await house();
    await putToken(home);
    const { stdout } = await home.keyspring("env", "--format", "dotenv");
    home.write(".env.aws", stdout);
    const found = await home.run("sh", ["-c", SHOW.replace(`"${NODE}"`, `"${NODE}" --env-file=.env.aws`)], { handsOut: true });
    expect(JSON.parse(found.stdout)).toEqual(await expected(home));
    rmSync(home.path(".env.aws"));
  });

  it("a profile with a region: the region is set with the keys", async () => {
    const home = await house({ config: BEDROCK_CONFIG });
    await putToken(home);
    const { stdout } = await home.keyspring("env", "--format", "json");
    expect(JSON.parse(stdout)).toMatchObject({ AWS_REGION: "us-west-2", AWS_DEFAULT_REGION: "us-west-2" });
  });
});
