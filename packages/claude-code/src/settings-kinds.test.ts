import * as fs from "node:fs/promises";
import * as path from "node:path";
import { fakePlatform } from "@keyspring/core/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { applyRemoval, applySettings, planRemoval, planSettings, settingsRecords, type DesiredSettings } from "./index.ts";
import { machine, snapshot, type Machine } from "./testing/machine.ts";
import { schemaErrors } from "./testing/published-schema.ts";

// Real files and processes, on machines that have other work too.
vi.setConfig({ testTimeout: 30_000 });

const desired: DesiredSettings = {
  awsCredentialExport: "/usr/bin/node /usr/bin/keyspring export --profile acme",
  awsAuthRefresh: "/usr/bin/node /usr/bin/keyspring refresh --profile acme",
  env: { CLAUDE_CODE_USE_BEDROCK: "1", AWS_REGION: "us-east-1" },
  hooks: [{ event: "UserPromptSubmit", command: "/usr/bin/node /usr/bin/keyspring claude-hook --profile acme", timeout: 15 }],
};

let it: Machine;
let file: string;
beforeEach(async () => {
  it = await machine();
  file = path.join(it.home, ".claude", "settings.json");
});
afterEach(() => it.remove());

const apply = async (wanted = desired): Promise<string> => {
  const plan = await planSettings(it.platform, {
    scope: "user",
    stateFolder: it.stateFolder,
    desired: wanted,
    profile: "acme",
  });
  await applySettings(it.platform, plan);
  return plan.diff;
};
const remove = async (): Promise<string> => {
  const plan = await planRemoval(it.platform, { scope: "user", stateFolder: it.stateFolder });
  await applyRemoval(it.platform, plan);
  return plan.outcome;
};
const put = async (content: string | Uint8Array, mode = 0o600): Promise<void> => {
  await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await fs.writeFile(file, content, { mode });
  await fs.chmod(file, mode);
};
const text = async (): Promise<string> => (await fs.readFile(file, "utf8")).replace(/^\uFEFF/, "");

interface Settings {
  readonly env?: Readonly<Record<string, unknown>>;
  readonly hooks?: Readonly<Record<string, unknown[]>>;
}

const PLAIN = '{\n  "model": "opus"\n}\n';
type Kind = readonly [name: string, before: string | Uint8Array, looks?: (after: string) => void];

/** Existing files that Claude Code reads: each must take the settings, keep all else, and come back byte for byte. */
const READABLE: readonly Kind[] = [
  ["two spaces", PLAIN, (after) => expect(after.startsWith('{\n  "model": "opus",\n  "awsCredentialExport": ')).toBe(true)],
  [
    "four spaces",
    '{\n    "model": "opus"\n}\n',
    (after) => expect(after).toContain('\n    "env": {\n        "CLAUDE_CODE_USE_BEDROCK": "1"'),
  ],
  ["tabs", '{\n\t"model": "opus"\n}\n', (after) => expect(after).toContain('\n\t"env": {\n\t\t"CLAUDE_CODE_USE_BEDROCK": "1"')],
  ["one line", '{"model":"opus","env":{"A":"1"}}', (after) => expect(after).not.toContain("\n")],
  ["no line end at the end", '{\n  "model": "opus"\n}', (after) => expect(after.endsWith("}")).toBe(true)],
  ["three line ends at the end", `${PLAIN}\n\n`, (after) => expect(after.endsWith("}\n\n\n")).toBe(true)],
  ["CR LF", '{\r\n  "model": "opus"\r\n}\r\n', (after) => expect(after.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/)],
  ["byte-order mark", `\uFEFF${PLAIN}`],
  ["byte-order mark and nothing else", "\uFEFF"],
  ["empty", ""],
  ["white space only", " \n\n"],
  ["empty object", "{}"],
  ["empty object over two lines", "{\n}\n"],
  [
    "unknown keys",
    '{\n  "notYetInvented": { "x": [1, 2.50, 1e3, "\\u00e9"] }\n}\n',
    (after) => expect(after).toContain('[1, 2.50, 1e3, "\\u00e9"]'),
  ],
  [
    "other variables",
    '{\n  "env": {\n    "FOO": "bar"\n  }\n}\n',
    (after) => expect(after).toContain('"FOO": "bar",\n    "CLAUDE_CODE_USE_BEDROCK"'),
  ],
  [
    "the same variable with another value",
    '{\n  "env": { "AWS_REGION": "eu-west-1" }\n}\n',
    (after) => expect(after).not.toContain("eu-west-1"),
  ],
  ["a variable that is a number", '{ "env": { "AWS_REGION": 7 } }'],
  ["env empty", '{\n  "env": {}\n}\n'],
  [
    "other people's hooks of the same event",
    '{\n  "hooks": {\n    "UserPromptSubmit": [\n      { "hooks": [{ "type": "command", "command": "date" }] }\n    ]\n  }\n}\n',
    (after) => expect(after).toContain('{ "hooks": [{ "type": "command", "command": "date" }] },'),
  ],
  [
    "other people's helpers",
    '{\n  "awsAuthRefresh": "aws sso login --profile old",\n  "awsCredentialExport": "/opt/old.sh"\n}\n',
    (after) => expect(after).not.toContain("old"),
  ],
  ["an empty helper", '{\n  "awsCredentialExport": ""\n}\n'],
  [
    "all of it already",
    `${JSON.stringify({ awsCredentialExport: desired.awsCredentialExport, awsAuthRefresh: desired.awsAuthRefresh, env: desired.env }, undefined, 2)}\n`,
  ],
  ["duplicates elsewhere", '{\n  "permissions": { "allow": [], "allow": ["Bash"] }\n}\n'],
  [
    "keys in escapes",
    '{\n  "\\u0061wsAuthRefresh": "old"\n}\n',
    (after) => expect(after).toContain('"\\u0061wsAuthRefresh": "/usr/bin/node'),
  ],
  ["text outside ASCII", '{\n  "note": "Grüße 🚀 \u2028"\n}\n', (after) => expect(after).toContain("Grüße 🚀 \u2028")],
  ["comma first", '{ "a": 1\n, "b": 2\n}\n'],
  ["large", `{\n  "pad": "${"x".repeat(1_900_000)}"\n}\n`],
  ["__proto__ as a key", '{\n  "__proto__": { "env": "x" }\n}\n'],
];

describe("existing file, right result and byte for byte back", () => {
  test.each(READABLE.map(([name, ...kind]) => [name, kind] as const))("%s", async (_, [before, looks]) => {
    await put(before, 0o640);
    const old = await snapshot(it.home);
    await apply();
    const after = await text();
    const written = JSON.parse(after) as Settings;
    const original = String(before)
      .replace(/^\uFEFF/, "")
      .trim();
    const { env: oldEnv, hooks: oldHooks, ...others } = original === "" ? {} : (JSON.parse(original) as Settings);
    expect(written).toMatchObject({
      ...others,
      awsCredentialExport: desired.awsCredentialExport,
      awsAuthRefresh: desired.awsAuthRefresh,
    });
    expect(written.env).toEqual({ ...oldEnv, ...desired.env });
    expect(written.hooks?.["UserPromptSubmit"]).toHaveLength((oldHooks?.["UserPromptSubmit"]?.length ?? 0) + 1);
    expect(schemaErrors(written).filter((error) => !error.startsWith("/permissions"))).toEqual([]);
    expect((await fs.stat(file)).mode & 0o777).toBe(0o640);
    looks?.(after);
    expect(await remove()).toBe("restore");
    expect(await snapshot(it.home)).toEqual(old);
    expect(await settingsRecords(it.platform, it.stateFolder)).toEqual([]);
  });

  test("no file, no folder: both go again", async () => {
    const old = await snapshot(it.home);
    await apply();
    expect((await fs.stat(file)).mode & 0o777).toBe(0o600);
    expect((await text()).endsWith("}\n")).toBe(true);
    expect(schemaErrors(JSON.parse(await text()))).toEqual([]);
    await remove();
    expect(await snapshot(it.home)).toEqual(old);
  });

  test("no file, but a folder with other things: the folder stays", async () => {
    await fs.mkdir(path.join(it.home, ".claude", "agents"), { recursive: true });
    const old = await snapshot(it.home);
    await apply();
    await remove();
    expect(await snapshot(it.home)).toEqual(old);
  });

  test("symbolic link: the link stays, what it leads to is written", async () => {
    const target = path.join(it.root, "dotfiles", "claude.json");
    await fs.mkdir(path.dirname(target));
    await fs.mkdir(path.dirname(file));
    await fs.writeFile(target, PLAIN);
    await fs.symlink("../../dotfiles/claude.json", file);
    const old = [await snapshot(it.home), await snapshot(path.dirname(target))];
    await apply();
    expect((await fs.lstat(file)).isSymbolicLink()).toBe(true);
    expect(JSON.parse(await fs.readFile(target, "utf8"))).toMatchObject({
      model: "opus",
      awsAuthRefresh: desired.awsAuthRefresh,
    });
    await remove();
    expect([await snapshot(it.home), await snapshot(path.dirname(target))]).toEqual(old);
  });

  test("linked folder: one record, whichever way it is reached", async () => {
    const target = path.join(it.root, "dotfiles");
    await fs.mkdir(target);
    await fs.symlink(target, path.join(it.home, ".claude"));
    await apply();
    const [record] = await settingsRecords(it.platform, it.stateFolder);
    expect(record?.realPath).toBe(path.join(target, "settings.json"));
    await remove();
    expect(await fs.readdir(target)).toEqual([]);
  });

  test("CLAUDE_CONFIG_DIR moves the file", async () => {
    const moved = path.join(it.root, "config");
    const platform = it.with({ env: { ...it.platform.env, CLAUDE_CONFIG_DIR: moved } });
    const plan = await planSettings(platform, { scope: "user", stateFolder: it.stateFolder, desired });
    await applySettings(platform, plan);
    expect(plan.path).toBe(path.join(moved, "settings.json"));
    expect(await fs.readdir(it.home)).toEqual([]);
  });
});

type Refusal = readonly [name: string, content: string | Uint8Array, message: RegExp];

/** Files that Claude Code rejects, or that could not be put back without loss. */
const REFUSED: readonly Refusal[] = [
  ["a comment", '{\n  // mine\n  "a": 1\n}\n', /settings\.json:2:3: a comment/],
  ["a block comment at the end", '{ "a": 1 } /* x */', /:1:12: a comment/],
  ["a trailing comma", '{\n  "a": 1,\n}\n', /:3:1: a comma with nothing after it/],
  ["a trailing comma in a list", '{ "a": [1,] }', /:1:11: a comma with nothing after it/],
  ["a missing comma", '{\n  "a": 1\n  "b": 2\n}\n', /:3:3: no valid JSON/],
  ["cut off in the middle", '{\n  "a": "b', /:2:8: no valid JSON/],
  ["single quotes", "{ 'a': 1 }", /:1:3: no valid JSON/],
  ["a number no JSON knows", '{ "a": 01 }', /no valid JSON/],
  ["a raw line end in a text", '{ "a": "b\nc" }', /no valid JSON/],
  ["two documents", "{} {}", /no valid JSON/],
  ["a list", "[]", /holds an array where Claude Code wants an object/],
  ["null", "null", /holds null/],
  ["a text", '"x"', /holds a string/],
  ["env a list", '{ "env": [] }', /env in .* is not an object/],
  ["env null", '{ "env": null }', /env in .* is not an object/],
  ["hooks a text", '{ "hooks": "x" }', /hooks in .* is not an object/],
  ["the event an object", '{ "hooks": { "UserPromptSubmit": {} } }', /hooks\.UserPromptSubmit in .* is not a list/],
  ["a helper that is a number", '{ "awsAuthRefresh": 3 }', /awsAuthRefresh in .* is not a text/],
  ["a variable that is an object", '{ "env": { "AWS_REGION": {} } }', /env\.AWS_REGION in .* is not a text/],
  [
    "our key twice",
    '{\n  "awsAuthRefresh": "a",\n  "awsAuthRefresh": "b"\n}',
    /:3:3: "awsAuthRefresh" stands here a second time/,
  ],
  ["env twice", '{ "env": {}, "env": {} }', /"env" stands here a second time/],
  ["a variable twice", '{ "env": { "A": "1", "A": "2" } }', /"A" stands here a second time/],
  [
    "Latin-1",
    Uint8Array.from([...new TextEncoder().encode('{ "a": "'), 0xe9, ...new TextEncoder().encode('" }')]),
    /not UTF-8/,
  ],
  ["UTF-16", Buffer.from(`\uFEFF${PLAIN}`, "utf16le"), /not UTF-8 but UTF-16/],
  ["zero bytes", Buffer.alloc(64), /no valid JSON/],
  ["too large", `{ "pad": "${"x".repeat(2_000_000)}" }`, /bytes; Claude Code reads no settings file near 2 MiB/],
  ["too large afterwards", `{ "pad": "${"x".repeat(1_999_900)}" }`, /would grow beyond what Claude Code reads/],
];

const refusal = async (message: RegExp): Promise<void> => {
  const old = await snapshot(it.root);
  const error: unknown = await apply().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  // One line what, one line what to do.
  const remedy: unknown = expect.stringMatching(/^.{10,}$/);
  expect(error).toMatchObject({ code: "INVALID_CONFIGURATION", message: expect.stringMatching(message), remedy });
  expect((error as Error).message).not.toContain("\n");
  expect(await snapshot(it.root)).toEqual(old);
};
const forbidden = (wanted: DesiredSettings): Promise<unknown> =>
  planSettings(it.platform, { scope: "user", stateFolder: it.stateFolder, desired: wanted });

describe("existing file, refused clearly and left alone", () => {
  test.each(REFUSED)("%s", async (_, content, message) => {
    await put(content);
    await refusal(message);
  });

  test("a read-only file", async () => {
    await put(PLAIN, 0o444);
    await refusal(/is read-only/);
  });

  test("a read-only folder", async () => {
    await put(PLAIN);
    await fs.chmod(path.dirname(file), 0o555);
    await refusal(/the folder .* is read-only/);
    await fs.chmod(path.dirname(file), 0o700);
  });

  test("the administrator's folder, as somebody else: said before anybody is asked", async () => {
    const platform = fakePlatform({ uid: 1000 });
    platform.files.put("/etc/hosts", "");
    const etc = { kind: "folder", size: 0, mode: 0o755, uid: 0, modified: 0 } as const;
    const files = { ...platform.files, facts: async (name: string) => (name === "/etc" ? etc : platform.files.facts(name)) };
    await expect(
      planSettings({ ...platform, files }, { scope: "managed", stateFolder: "/state", desired }),
    ).rejects.toMatchObject({ code: "INVALID_CONFIGURATION", remedy: expect.stringContaining("sudo") });
  });

  test("a folder in its place", async () => {
    await fs.mkdir(file, { recursive: true });
    await refusal(/is a folder where a settings file should be/);
  });

  test("a file in its folder's place", async () => {
    await fs.writeFile(path.dirname(file), "");
    await refusal(/a file stands where one of its folders should be/);
  });

  test("a dangling link", async () => {
    await fs.mkdir(path.dirname(file));
    await fs.symlink("nowhere", file);
    await refusal(/a symbolic link that leads to nothing/);
  });

  test("a circle of links", async () => {
    await fs.mkdir(path.dirname(file));
    await fs.symlink("settings.json", file);
    await refusal(/symbolic links lead in a circle|a symbolic link that leads to nothing/);
  });

  test("another user's file", async () => {
    await put(PLAIN);
    const other = (process.getuid?.() ?? 0) + 1;
    await expect(
      planSettings(it.with({ user: { uid: other, name: "ada" } }), { scope: "user", stateFolder: it.stateFolder, desired }),
    ).rejects.toMatchObject({ code: "INVALID_CONFIGURATION", message: expect.stringContaining("belongs to another user") });
  });

  test("a value that the schema forbids", async () => {
    await put(PLAIN);
    await expect(forbidden({ awsAuthRefresh: "" })).rejects.toThrow(/awsAuthRefresh cannot be written/);
    await expect(forbidden({ env: { "lower-case": "1" } })).rejects.toThrow(/env\.lower-case cannot be written/);
    await expect(forbidden({ env: { CLAUDE_CODE_USE_BEDROCK: "yes" } })).rejects.toThrow(/must be one of 0, 1/);
    await expect(forbidden({ env: { AWS_REGION: "" } })).rejects.toThrow(/would be empty/);
    await expect(forbidden({ hooks: [{ event: "Nope", command: "x" }] })).rejects.toThrow(
      /hooks\.Nope cannot be written.*must not be there/,
    );
    await expect(forbidden({ hooks: [{ event: "Stop", command: "x", timeout: 0 }] })).rejects.toThrow(
      /timeout cannot be written/,
    );
  });
});
