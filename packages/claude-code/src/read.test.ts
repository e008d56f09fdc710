import { fakePlatform, type FakePlatform } from "@keyspring/core/testing";
import { expect, test } from "vitest";
import { checkSettings, planSettings, readAllSettings, type Finding } from "./index.ts";

const USER = "/home/ada/.claude/settings.json";
const PROJECT = "/srv/app/.claude/settings.json";
const LOCAL = "/srv/app/.claude/settings.local.json";
const MANAGED = "/etc/claude-code/managed-settings.json";
const drop = (name: string): string => `/etc/claude-code/managed-settings.d/${name}`;

function machineWith(files: Record<string, unknown>, env = {}): FakePlatform {
  const platform = fakePlatform({ cwd: "/srv/app", env, run: () => ({ exitCode: 1 }) });
  for (const [path, content] of Object.entries(files))
    platform.files.put(path, typeof content === "string" ? content : JSON.stringify(content));
  return platform;
}
const refresh = (value: string): object => ({ awsAuthRefresh: value });

test("every scope says it: the order is user, project, local, managed, drop-ins by name", async () => {
  const all: [string, string][] = [
    [USER, "user"],
    [PROJECT, "project"],
    [LOCAL, "local"],
    [MANAGED, "managed"],
    [drop("10-a.json"), "ten"],
    [drop("9-b.json"), "nine"],
    [drop("B.json"), "capital"],
    [drop("a.json"), "small"],
  ];
  for (let count = 1; count <= all.length; count += 1) {
    const platform = machineWith(Object.fromEntries(all.slice(0, count).map(([path, value]) => [path, refresh(value)])));
    const set = (await readAllSettings(platform)).of("awsAuthRefresh");
    expect([set?.path, set?.value]).toEqual(all[count - 1]);
    expect(set?.shadows.map(({ value }) => value)).toEqual(
      all
        .slice(0, count - 1)
        .map(([, value]) => value)
        .toReversed(),
    );
  }
});

test("hidden drop-ins and other endings are not read", async () => {
  const platform = machineWith({
    [drop(".99.json")]: refresh("x"),
    [drop("99.jsonc")]: refresh("x"),
    [drop("99.txt")]: refresh("x"),
  });
  expect((await readAllSettings(platform)).of("awsAuthRefresh")).toBeUndefined();
});

test("env merges variable by variable", async () => {
  const platform = machineWith({
    [USER]: { env: { A: "1", B: "1" } },
    [PROJECT]: { env: { B: "2" } },
    [MANAGED]: { env: { C: "3" } },
  });
  const view = await readAllSettings(platform);
  expect(view.settings.map(({ key, value, scope }) => [key, value, scope])).toEqual([
    ["env.A", "1", "user"],
    ["env.B", "2", "project"],
    ["env.C", "3", "managed"],
  ]);
});

test.each([
  ["comments", "{ // x\n}", /no valid JSON/],
  ["a list", "[]", /holds no object/],
  ["a helper of the wrong type", { awsAuthRefresh: 3 }, /awsAuthRefresh is not a text/],
  ["too large", `{"a":"${"x".repeat(2_000_001)}"}`, /too large/],
])("a file with %s counts for nothing and is told", async (_, content, problem) => {
  const platform = machineWith({ [USER]: refresh("user"), [PROJECT]: content });
  const view = await readAllSettings(platform);
  expect(view.of("awsAuthRefresh")?.value).toBe("user");
  expect(view.files.find(({ path }) => path === PROJECT)).toMatchObject({
    state: "rejected",
    problem: expect.stringMatching(problem),
  });
});

test("an unreadable file is told, not thrown", async () => {
  const platform = machineWith({ [USER]: refresh("user") });
  platform.files.fail("read", "EACCES");
  expect((await readAllSettings(platform)).files[0]).toMatchObject({
    state: "rejected",
    problem: "it cannot be read (EACCES)",
  });
});

test("a byte-order mark, an empty file and our own file as both user and project are no trouble", async () => {
  const platform = machineWith({ [USER]: `\uFEFF${JSON.stringify(refresh("user"))}`, [LOCAL]: "" });
  const view = await readAllSettings(platform, { cwd: "/home/ada" });
  expect(view.of("awsAuthRefresh")).toMatchObject({ value: "user", scope: "user", shadows: [] });
});

const codes = (findings: readonly Finding[]): string[] => findings.map(({ code }) => code);
const desired = { awsCredentialExport: "/bin/x", env: { CLAUDE_CODE_USE_BEDROCK: "1" } };
const planned = async (
  platform: FakePlatform,
  scope: "user" | "project" | "local" = "user",
  wanted: object = desired,
): Promise<Finding[]> => [...(await planSettings(platform, { scope, stateFolder: "/state", desired: wanted })).findings];

test("a plan warns: a stronger file says the same key", async () => {
  const [finding] = await planned(machineWith({ [LOCAL]: { awsCredentialExport: "/bin/y" } }));
  expect(finding).toMatchObject({
    code: "shadowed",
    severity: "warning",
    what: `awsCredentialExport is also set in ${LOCAL}, which ranks higher`,
  });
  expect(finding?.remedy).toContain("keyspring settings apply --scope local");
});

test.each([
  ["bearer-token", { [USER]: { env: { AWS_BEARER_TOKEN_BEDROCK: "hunter2" } } }, {}],
  ["bearer-token", {}, { AWS_BEARER_TOKEN_BEDROCK: "hunter2" }],
  ["skip-auth", { [PROJECT]: { env: { CLAUDE_CODE_SKIP_BEDROCK_AUTH: "1" } } }, {}],
  ["aws-profile", { [USER]: { env: { AWS_PROFILE: "dev" } } }, {}],
  ["file-rejected", { [PROJECT]: "{,}" }, {}],
])("a plan warns: %s", async (code, files, env) => {
  const findings = await planned(machineWith(files, env));
  expect(codes(findings)).toEqual([code]);
  expect(JSON.stringify(findings)).not.toContain("hunter2");
});

test("a plan does not warn of variables that are switched off, nor of a profile that was asked for", async () => {
  const off = { env: { AWS_BEARER_TOKEN_BEDROCK: "", CLAUDE_CODE_SKIP_BEDROCK_AUTH: "0" } };
  expect(await planned(machineWith({ [USER]: off }))).toEqual([]);
  const asked = { env: { AWS_PROFILE: "dev", CLAUDE_CODE_USE_BEDROCK: "1" } };
  expect(await planned(machineWith({ [USER]: { env: { AWS_PROFILE: "old" } } }), "user", asked)).toEqual([]);
});

test("a plan warns: Bedrock is not switched on, the file is shared, others can write it", async () => {
  expect(codes(await planned(machineWith({}), "user", { awsAuthRefresh: "aws sso login" }))).toEqual(["bedrock-off"]);
  expect(codes(await planned(machineWith({}), "project"))).toEqual(["project-file"]);
  const platform = machineWith({});
  platform.files.put(USER, "{}", { mode: 0o666 });
  expect(codes(await planned(platform))).toEqual(["writable-by-others"]);
});

test("check: each key with its file, who put it there, and whether its command is there", async () => {
  const platform = machineWith({ [USER]: { awsCredentialExport: "/opt/gone.sh", env: { AWS_REGION: "us-east-1", FOO: "x" } } });
  const { settings, findings } = await checkSettings(platform, { stateFolder: "/state" });
  expect(settings.map(({ key, value, applied }) => [key, value, applied])).toEqual([
    ["awsCredentialExport", "/opt/gone.sh", undefined],
    ["env.AWS_REGION", "us-east-1", undefined],
  ]);
  expect(settings[0]?.findings).toMatchObject([{ code: "missing", severity: "error", what: "/opt/gone.sh does not exist" }]);
  expect(codes(findings)).toEqual(["bedrock-off"]);
});

test("check: nothing set at all is an error, refresh alone is not", async () => {
  const bedrock = { env: { CLAUDE_CODE_USE_BEDROCK: "1" } };
  const nothing = await checkSettings(machineWith({ [USER]: bedrock }), { stateFolder: "/state" });
  expect(nothing.findings).toMatchObject([{ code: "no-export", severity: "error" }]);
  const refreshOnly = await checkSettings(machineWith({ [USER]: { ...bedrock, ...refresh("aws sso login") } }), {
    stateFolder: "/state",
  });
  expect(refreshOnly.findings).toMatchObject([{ code: "no-export", severity: "info" }]);
});

test("check: what Keyspring applied and a stronger file overrides", async () => {
  const platform = machineWith({ [USER]: "{}" });
  const { applySettings } = await import("./index.ts");
  const request = { scope: "user", stateFolder: "/state", profile: "acme", description: "Bedrock for Acme" } as const;
  const wanted = {
    ...desired,
    awsAuthRefresh: "trap '' INT; /usr/bin/true || echo no",
    hooks: [{ event: "Stop", command: "/bin/x" }],
  };
  await applySettings(platform, await planSettings(platform, { ...request, desired: wanted }));
  platform.files.put(LOCAL, JSON.stringify({ awsCredentialExport: "/bin/y" }));
  platform.files.put("/usr/bin/true", "", { mode: 0o755, uid: 0 });
  const { settings } = await checkSettings(platform, { stateFolder: "/state" });
  const applied = { profile: "acme", description: "Bedrock for Acme", applied: "2026-01-01T00:00:00.000Z" };
  expect(settings.map((setting) => [setting.key, setting.path, setting.applied, codes(setting.findings)])).toEqual([
    ["awsCredentialExport", LOCAL, undefined, ["missing", "shadowed"]],
    ["awsAuthRefresh", USER, applied, []],
    ["env.CLAUDE_CODE_USE_BEDROCK", USER, applied, []],
    ["hooks.Stop", USER, applied, []],
  ]);
});

test("check: a hook of Keyspring's that somebody took out", async () => {
  const platform = machineWith({ [USER]: "{}" });
  const { applySettings } = await import("./index.ts");
  const wanted = { ...desired, hooks: [{ event: "Stop", command: "/bin/x" }] };
  await applySettings(platform, await planSettings(platform, { scope: "user", stateFolder: "/state", desired: wanted }));
  platform.files.put(USER, "{}");
  const { settings } = await checkSettings(platform, { stateFolder: "/state" });
  expect(settings).toMatchObject([{ key: "hooks.Stop", findings: [{ code: "hook-gone", severity: "warning" }] }]);
});
