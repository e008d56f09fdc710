import { chmodSync, unlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { house as newHouse, type House } from "../lib/house.ts";
import type { Finished } from "../lib/process.ts";

const USER = ".claude/settings.json";
const LOCAL = ".claude/settings.local.json";
const GUARD = "/usr/bin/keyspring export --guard --profile acme";

interface Checked {
  readonly works: boolean;
  readonly settings: readonly {
    readonly key: string;
    readonly path: string;
    readonly findings: readonly { readonly code: string }[];
  }[];
  readonly findings: readonly { readonly code: string; readonly remedy: string }[];
}

async function check(house: House): Promise<Checked & { readonly exitCode: number | null; readonly words: string }> {
  const json = await house.keyspring("settings", "check", "--json");
  const words = await house.keyspring("settings", "check");
  expect(words.exitCode).toBe(json.exitCode);
  expect(words.stdout).not.toMatch(/undefined|\[object|^\s+at /m);
  return { ...(JSON.parse(json.stdout) as Checked), exitCode: json.exitCode, words: words.stdout };
}

const codes = ({ settings, findings }: Checked): string[] =>
  [...settings.flatMap((setting) => setting.findings), ...findings].map(({ code }) => code).toSorted();

function state(name: string, work: (house: House) => Promise<void>): void {
  it(name, async ({ onTestFinished }) => work(await newHouse({ onFinished: onTestFinished })));
}

const apply = async (house: House): Promise<Finished> => {
  const applied = await house.keyspring("settings", "apply", "--yes", "--description", "for the team");
  expect(applied.exitCode, applied.stderr).toBe(0);
  return applied;
};

describe.concurrent("explain", () => {
  state("variables of a script and of Claude Code: their names alone", async (house) => {
    house.write(
      ".config/keyspring/config.toml",
      `[organizations.acme]
source = "script"
[organizations.acme.options]
command = ["/bin/grant.sh"]
env = { VAULT_ADDR = "plain-but-private" }
[organizations.acme.claude]
region = "eusc-de-east-1"
env = { ANTHROPIC_CUSTOM_HEADERS = "x-tenant: private-header", ANTHROPIC_MODEL = "sonnet" }
[profiles.acme]
organization = "acme"
`,
    );
    for (const more of [[], ["--json"]]) {
      const { exitCode, stdout } = await house.keyspring("explain", ...more);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/VAULT_ADDR/);
      expect(stdout).not.toMatch(/private/);
    }
  });
});

describe.concurrent("settings check", () => {
  state("nothing is set: broken, and what to type", async (house) => {
    const { exitCode, works, words, ...found } = await check(house);
    expect({ exitCode, works, codes: codes({ works, ...found }) }).toEqual({
      exitCode: 2,
      works: false,
      codes: ["bedrock-off", "no-export"],
    });
    expect(words).toMatch(/^✘ awsCredentialExport is set nowhere\n.*\n {4}Run: keyspring settings apply$/m);
  });

  state("delivered through AWS_PROFILE: it works, and nothing advises to take that out", async (house) => {
    expect(await house.keyspring("settings", "apply", "--yes", "--delivery", "profile", "--no-refresh")).toMatchObject({
      exitCode: 0,
    });
    const found = await check(house);
    expect({ exitCode: found.exitCode, codes: codes(found) }).toEqual({ exitCode: 0, codes: [] });
  });

  state("just applied: it works, and nothing is found", async (house) => {
    await apply(house);
    const found = await check(house);
    expect({ exitCode: found.exitCode, codes: codes(found) }).toEqual({ exitCode: 0, codes: [] });
    expect(found.settings.map(({ key }) => key)).toEqual(
      expect.arrayContaining(["awsCredentialExport", "awsAuthRefresh", "hooks.UserPromptSubmit"]),
    );
  });

  state("a stronger file says something else: named, with the file", async (house) => {
    await apply(house);
    house.write(
      LOCAL,
      JSON.stringify({
        awsAuthRefresh: "theirs.sh login",
        env: { AWS_PROFILE: "x", AWS_BEARER_TOKEN_BEDROCK: "a-secret-of-somebody" },
      }),
    );
    const found = await check(house);
    expect({ exitCode: found.exitCode, codes: codes(found) }).toEqual({
      exitCode: 2,
      codes: ["aws-profile", "bearer-token", "missing", "shadowed"],
    });
    expect(found.words).toContain("theirs.sh is found nowhere in PATH");
    expect(found.words).not.toContain("a-secret-of-somebody");
    expect(JSON.stringify(found)).not.toContain("a-secret-of-somebody");
  });

  state("a file that Claude Code rejects: said, and what is lost with it", async (house) => {
    await apply(house);
    house.write(LOCAL, "{ // mine\n}");
    const found = await check(house);
    expect(codes(found)).toEqual(["file-rejected"]);
    expect(found.words).toMatch(/takes nothing from \S+settings\.local\.json/);
  });

  state("the file itself was broken since: no credentials, so it does not work", async (house) => {
    await apply(house);
    house.write(USER, `${house.read(USER)}// mine\n`);
    const found = await check(house);
    expect(found.exitCode).toBe(2);
    expect(codes(found)).toEqual(expect.arrayContaining(["file-rejected", "no-export"]));
  });

  state("the command may be written by everybody: the exact chmod, and well again after it", async (house) => {
    const file = house.write("bin/grant.sh", "#!/bin/sh\n", 0o755);
    chmodSync(file, 0o777);
    house.write(USER, JSON.stringify({ awsCredentialExport: file, env: { CLAUDE_CODE_USE_BEDROCK: "1" } }));
    const found = await check(house);
    expect({ exitCode: found.exitCode, codes: codes(found) }).toEqual({ exitCode: 2, codes: ["writable-by-others"] });
    const command = /Run: (chmod .*)$/m.exec(found.words)?.[1];
    expect(command).toBe(`chmod go-w ${file}`);
    await house.run("/bin/sh", ["-c", command!]);
    expect((await check(house)).exitCode).toBe(0);
  });

  state("the program is gone: said of a hand-written one and of Keyspring's own", async (house) => {
    house.write(USER, JSON.stringify({ awsCredentialExport: "/opt/gone.sh", env: { CLAUDE_CODE_USE_BEDROCK: "1" } }));
    expect(codes(await check(house))).toEqual(["missing"]);
    house.write(
      USER,
      JSON.stringify({
        awsCredentialExport: `trap '' INT HUP TERM; /opt/gone/node ${GUARD} || echo '{}'`,
        env: { CLAUDE_CODE_USE_BEDROCK: "1" },
      }),
    );
    const found = await check(house);
    expect(found.exitCode).toBe(2);
    expect(codes(found)).toContain("missing");
  });

  state("somebody took our hooks out: said", async (house) => {
    await apply(house);
    const { hooks: _, ...rest } = JSON.parse(house.read(USER)) as Record<string, unknown>;
    house.write(USER, JSON.stringify(rest));
    const found = await check(house);
    expect({ exitCode: found.exitCode, codes: codes(found) }).toEqual({ exitCode: 0, codes: ["hook-gone", "hook-gone"] });
  });

  state("removed: nothing is set, as before", async (house) => {
    await apply(house);
    await house.keyspring("settings", "remove");
    expect((await check(house)).exitCode).toBe(2);
  });
});

describe.concurrent("settings show", () => {
  state("--region over what the organization's env says", async (house) => {
    const config = house.read(".config/keyspring/config.toml");
    house.write(".config/keyspring/config.toml", config.replace('region = "us-east-1"', 'env = { AWS_REGION = "eu-west-3" }'));
    await apply(house);
    expect((await house.keyspring("settings", "show")).stdout).toMatch(/^env\.AWS_REGION .* eu-west-3$/m);
    await house.keyspring("settings", "apply", "--yes", "--region", "us-west-2");
    expect((await house.keyspring("settings", "show")).stdout).toMatch(/^env\.AWS_REGION .* us-west-2$/m);
  });

  state("nothing is set: what to type, on standard error", async (house) => {
    const shown = await house.keyspring("settings", "show");
    expect(shown).toMatchObject({ exitCode: 0, stdout: "" });
    expect(shown.stderr).toContain("keyspring settings apply --profile NAME");
  });

  state("applied: every value with its file, and by whom", async (house) => {
    await apply(house);
    const { stdout } = await house.keyspring("settings", "show");
    expect(stdout).toMatch(/^awsAuthRefresh +user +~\/\.claude\/settings\.json +\S+ \S+ refresh --profile acme$/m);
    expect(stdout).toMatch(/^env\.AWS_REGION +user +~\/\.claude\/settings\.json +us-east-1$/m);
    expect(stdout).toMatch(/^Applied by Keyspring \(user, .*\) for the profile acme: \S+settings\.json\n {2}for the team$/m);
    expect(Math.max(...stdout.split("\n").map(({ length }) => length))).toBeLessThan(260);
    const json = JSON.parse((await house.keyspring("settings", "show", "--json")).stdout) as {
      settings: { key: string; path: string }[];
      applied: object[];
    };
    expect(json.settings.find(({ key }) => key === "awsCredentialExport")?.path).toBe(house.path(USER));
    expect(json.applied).toEqual([expect.objectContaining({ scope: "user", profile: "acme", description: "for the team" })]);
  });

  state("other scopes and secrets: the strongest counts, and no secret is shown", async (house) => {
    await apply(house);
    house.write(LOCAL, JSON.stringify({ env: { AWS_REGION: "eu-north-1", AWS_BEARER_TOKEN_BEDROCK: "a-secret-of-somebody" } }));
    const shown = await house.keyspring("settings", "show");
    expect(shown.stdout).toMatch(/^env\.AWS_REGION +local +~\/\.claude\/settings\.local\.json +eu-north-1$/m);
    expect(shown.stdout).toMatch(/^env\.AWS_BEARER_TOKEN_BEDROCK +local +\S+ +\[not shown\]$/m);
    expect((await house.keyspring("settings", "show", "--json")).stdout).not.toContain("a-secret-of-somebody");
  });

  state("the file is gone: what was applied is still known", async (house) => {
    await apply(house);
    unlinkSync(house.path(USER));
    const { stdout } = await house.keyspring("settings", "show");
    expect(stdout).toContain("Applied by Keyspring (user, ");
  });
});
