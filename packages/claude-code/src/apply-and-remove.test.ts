import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Files } from "@keyspring/core";
import { fakePlatform } from "@keyspring/core/testing";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  applyRemoval,
  applySettings,
  planRemoval,
  planSettings,
  settingsRecords,
  type DesiredSettings,
  type RemovalPlan,
  type SettingsPlan,
  type SettingsScope,
} from "./index.ts";
import { machine, snapshot, type Machine } from "./testing/machine.ts";
import { oddJson } from "./testing/odd-json.ts";

// Real files and processes, on machines that have other work too.
vi.setConfig({ testTimeout: 30_000 });

const command = (verb: string, profile = "acme"): string => `/usr/bin/node /usr/bin/keyspring ${verb} --profile ${profile}`;
const wanted = (profile = "acme"): Required<DesiredSettings> => ({
  awsCredentialExport: command("export", profile),
  awsAuthRefresh: command("refresh", profile),
  env: { CLAUDE_CODE_USE_BEDROCK: "1", AWS_REGION: "us-east-1" },
  hooks: [{ event: "UserPromptSubmit", command: command("claude-hook", profile), timeout: 15 }],
});

let it: Machine;
let file: string;
beforeEach(async () => {
  it = await machine();
  file = path.join(it.home, ".claude", "settings.json");
  await fs.mkdir(path.dirname(file), { mode: 0o700 });
});
afterEach(() => it.remove());

const plan = (desired: DesiredSettings = wanted(), scope: SettingsScope = "user"): Promise<SettingsPlan> =>
  planSettings(it.platform, { scope, stateFolder: it.stateFolder, desired, profile: "acme", description: "Bedrock for Acme" });
const apply = async (desired?: DesiredSettings, scope?: SettingsScope): Promise<SettingsPlan> => {
  const made = await plan(desired, scope);
  await applySettings(it.platform, made);
  return made;
};
const remove = async (scope: SettingsScope = "user"): Promise<RemovalPlan> => {
  const made = await planRemoval(it.platform, { scope, stateFolder: it.stateFolder });
  await applyRemoval(it.platform, made);
  return made;
};
interface Settings {
  model?: string;
  env: Record<string, string>;
  hooks: Record<string, unknown[]>;
}
const read = async (): Promise<Settings> => JSON.parse(await fs.readFile(file, "utf8"));
const edit = async (change: (settings: Settings) => void): Promise<void> => {
  const settings = await read();
  change(settings);
  await fs.writeFile(file, JSON.stringify(settings, undefined, 4));
};

test("a plan tells every key and shows the difference, and writes nothing", async () => {
  await fs.writeFile(file, '{\n  "awsAuthRefresh": "aws sso login",\n  "env": {\n    "AWS_REGION": "us-east-1"\n  }\n}\n');
  const old = await snapshot(it.root);
  const made = await plan();
  expect(made.changes).toEqual([
    { key: "awsCredentialExport", kind: "added", to: command("export") },
    { key: "awsAuthRefresh", kind: "changed", from: "aws sso login", to: command("refresh") },
    { key: "env.CLAUDE_CODE_USE_BEDROCK", kind: "added", to: "1" },
    { key: "env.AWS_REGION", kind: "unchanged", to: "us-east-1" },
    { key: "hooks.UserPromptSubmit", kind: "added", to: expect.stringContaining(command("claude-hook")) },
  ]);
  expect(made.findings.map(({ code }) => code)).toEqual(["replaces-helper"]);
  expect(made.diff).toContain(`--- ${file}`);
  expect(made.diff).toContain('-  "awsAuthRefresh": "aws sso login",\n+  "awsAuthRefresh": "/usr/bin/node');
  expect(await snapshot(it.root)).toEqual(old);
});

test("a secret on another line than its name, or in a table of secrets: not in the difference", async () => {
  await fs.writeFile(
    file,
    '{\n  "env": {\n    "GATEWAY_TOKEN":\n      "correct horse",\n    "A": "1"\n  },\n  "otelHeaders": {\n    "x-tenant": "battery staple"\n  }\n}\n',
  );
  const { diff } = await plan();
  expect(diff).toContain('"GATEWAY_TOKEN":');
  expect(diff).not.toMatch(/correct horse|battery staple/);
});

test("secrets in the file show neither in the difference nor in the changes", async () => {
  await fs.writeFile(
    file,
    '{\n  "env": {\n    "ANTHROPIC_API_KEY": "sk-hunter2-secret",\n    "AWS_BEARER_TOKEN_BEDROCK": "hunter2-bearer", "MY_PASSWORD": "hunter2"\n  },\n  "apiKeyHelper": "echo hunter2"\n}\n',
  );
  const made = await plan({ ...wanted(), env: { AWS_BEARER_TOKEN_BEDROCK: "other-hunter2" } });
  expect(JSON.stringify([made.diff, made.changes, made.findings])).not.toContain("hunter2");
  expect(made.diff).toContain("[redacted]");
  await fs.writeFile(file, `{"pad":"${"x".repeat(940)}","API_KEY":"${"hunter2".repeat(50)}"}`);
  expect((await plan()).diff).not.toContain("hunter2");
});

test("applied twice: nothing to change, and the very first original comes back", async () => {
  await fs.writeFile(file, '{"model":"opus"}');
  const old = await snapshot(it.home);
  await apply();
  const after = await snapshot(it.home);
  const second = await apply();
  expect([second.changed, second.diff]).toEqual([false, ""]);
  expect(await snapshot(it.home)).toEqual(after);
  await apply(wanted("globex"));
  expect((await read()).hooks["UserPromptSubmit"]).toHaveLength(1);
  await remove();
  expect(await snapshot(it.home)).toEqual(old);
  expect((await fs.readdir(path.join(it.stateFolder, "backups"))).filter((name) => !name.endsWith(".lock"))).toEqual([]);
});

test("applied again without refresh and hook: what is wanted no more goes, or becomes what it was", async () => {
  await fs.writeFile(file, '{\n  "awsAuthRefresh": "old",\n  "env": { "AWS_REGION": "eu-west-1" }\n}\n');
  const old = await snapshot(it.home);
  await apply();
  const made = await apply({ awsCredentialExport: command("export") });
  expect(made.changes).toContainEqual({ key: "awsAuthRefresh", kind: "changed", from: command("refresh"), to: "old" });
  expect(made.changes).toContainEqual({ key: "env.CLAUDE_CODE_USE_BEDROCK", kind: "removed", from: "1" });
  expect(await read()).toEqual({
    awsAuthRefresh: "old",
    env: { AWS_REGION: "eu-west-1" },
    awsCredentialExport: command("export"),
  });
  await remove();
  expect(await snapshot(it.home)).toEqual(old);
});

test("two hooks of one event, then one of them: the other goes and is told", async () => {
  const [first] = wanted().hooks;
  const second = { event: "UserPromptSubmit", command: "/bin/second" };
  await apply({ hooks: [first!, second] });
  const made = await apply({ hooks: [first!] });
  expect(made.changes.map(({ key, kind }) => [key, kind])).toEqual([
    ["hooks.UserPromptSubmit", "unchanged"],
    ["hooks.UserPromptSubmit", "removed"],
  ]);
  expect((await read()).hooks["UserPromptSubmit"]).toEqual([
    { hooks: [{ type: "command", command: command("claude-hook"), timeout: 15 }] },
  ]);
});

test("others changed the file since: only what is still ours goes", async () => {
  await fs.writeFile(file, '{\n  "awsAuthRefresh": "old"\n}\n');
  await apply();
  await edit((settings) => {
    settings.model = "sonnet";
    settings.env["OTHER"] = "1";
    settings.env["AWS_REGION"] = "ap-northeast-1";
    settings.hooks["UserPromptSubmit"]!.unshift({ hooks: [{ type: "command", command: "date" }] });
  });
  const removal = await remove();
  expect([removal.outcome, removal.left]).toEqual(["edit", ["env.AWS_REGION"]]);
  expect(await read()).toEqual({
    awsAuthRefresh: "old",
    env: { AWS_REGION: "ap-northeast-1", OTHER: "1" },
    hooks: { UserPromptSubmit: [{ hooks: [{ type: "command", command: "date" }] }] },
    model: "sonnet",
  });
});

test("others changed the file, then applied again, then removed: their changes stay", async () => {
  await apply();
  await edit((settings) => (settings.model = "sonnet"));
  await apply(wanted("globex"));
  expect((await remove()).outcome).toBe("restore");
  expect(await read()).toEqual({ model: "sonnet" });
});

test("our file, merely formatted anew by others: it goes", async () => {
  await apply();
  await edit(() => undefined);
  await remove();
  expect(await fs.readdir(path.dirname(file))).toEqual([]);
});

test("the file was deleted: nothing is brought back", async () => {
  await fs.writeFile(file, "{}");
  await apply();
  await fs.rm(file);
  expect((await remove()).outcome).toBe("gone");
  expect(await fs.readdir(path.dirname(file))).toEqual([]);
  expect(await settingsRecords(it.platform, it.stateFolder)).toEqual([]);
});

test("the file was moved behind a link since: it is still known", async () => {
  await fs.writeFile(file, '{"model":"opus"}');
  await apply();
  const moved = path.join(it.root, "settings.json");
  await fs.rename(file, moved);
  await fs.symlink(moved, file);
  expect((await remove()).outcome).toBe("restore");
  expect(await fs.readFile(moved, "utf8")).toBe('{"model":"opus"}');
});

test("nothing applied: nothing to remove", async () => {
  await fs.writeFile(file, '{"awsAuthRefresh":"by hand"}');
  expect((await remove()).outcome).toBe("nothing");
  expect(await read()).toEqual({ awsAuthRefresh: "by hand" });
});

test("several scopes and projects at once, each undone by itself", async () => {
  const other = it.with({ cwd: path.join(it.root, "other") });
  await fs.mkdir(other.cwd);
  const old = [await snapshot(it.home), await snapshot(it.project)];
  await apply();
  await apply(undefined, "project");
  await apply(undefined, "local");
  await applySettings(
    other,
    await planSettings(other, { scope: "project", stateFolder: it.stateFolder, desired: wanted("globex") }),
  );
  const records = await settingsRecords(it.platform, it.stateFolder);
  expect(records.map(({ scope, profile, description }) => [scope, profile, description])).toEqual([
    ["user", "acme", "Bedrock for Acme"],
    ["project", "acme", "Bedrock for Acme"],
    ["local", "acme", "Bedrock for Acme"],
    ["project", undefined, undefined],
  ]);
  await remove("local");
  await remove("project");
  await remove();
  expect([await snapshot(it.home), await snapshot(it.project)]).toEqual(old);
  expect(await settingsRecords(it.platform, it.stateFolder)).toHaveLength(1);
});

test("backups are for their owner's eyes only", async () => {
  await fs.writeFile(file, "{}");
  await apply();
  const backups = await snapshot(path.join(it.stateFolder, "backups"));
  expect((await fs.stat(path.join(it.stateFolder, "backups"))).mode & 0o777).toBe(0o700);
  for (const [name, facts] of Object.entries(backups)) expect([name, facts.slice(0, 8)]).toEqual([name, "file 600"]);
});

test("a shared file can be read by others, the folder too", async () => {
  const { path: shared } = await apply(undefined, "project");
  expect((await fs.stat(shared)).mode & 0o777).toBe(0o644);
  expect((await fs.stat(path.dirname(shared))).mode & 0o777).toBe(0o755);
});

test("changed between plan and apply, or plan and removal: refused, nothing lost", async () => {
  const made = await plan();
  await fs.writeFile(file, '{"model":"sonnet"}');
  await expect(applySettings(it.platform, made)).rejects.toMatchObject({
    code: "INVALID_CONFIGURATION",
    remedy: "Run the command again.",
  });
  await apply();
  const removal = await planRemoval(it.platform, { scope: "user", stateFolder: it.stateFolder });
  await edit((settings) => (settings.model = "haiku"));
  await expect(applyRemoval(it.platform, removal)).rejects.toMatchObject({ code: "INVALID_CONFIGURATION" });
  expect((await read()).model).toBe("haiku");
});

test("a damaged record: says which file, touches nothing", async () => {
  await apply();
  const [name] = (await fs.readdir(path.join(it.stateFolder, "backups"))).filter((entry) => entry.endsWith(".json"));
  await fs.writeFile(path.join(it.stateFolder, "backups", name!), "{");
  await expect(remove()).rejects.toMatchObject({ code: "INVALID_CONFIGURATION", remedy: expect.stringContaining(name!) });
});

test.each(["ENOSPC", "EACCES", "EROFS"])("the write fails with %s: as if nothing had been tried", async (code) => {
  await fs.writeFile(file, '{"model":"opus"}');
  const old = await snapshot(it.home);
  const files: Files = {
    ...it.platform.files,
    async writeAtomic(target, data, options) {
      if (target === file) throw Object.assign(new Error(code), { code });
      return it.platform.files.writeAtomic(target, data, options);
    },
  };
  const made = await plan();
  await expect(applySettings(it.with({ files }), made)).rejects.toMatchObject({
    code: "INVALID_CONFIGURATION",
    message: expect.stringContaining("could not be written"),
  });
  expect(await snapshot(it.home)).toEqual(old);
  expect(await settingsRecords(it.platform, it.stateFolder)).toEqual([]);
});

test.each(["makeFolder", "writeAtomic"] as const)(
  "the state folder fails (%s): told in words, nothing changed",
  async (method) => {
    const platform = fakePlatform();
    const target = "/home/ada/.claude/settings.json";
    platform.files.put(target, "{}");
    const made = async (): Promise<SettingsPlan> =>
      planSettings(platform, { scope: "user", stateFolder: "/home/ada/state", desired: wanted() });
    platform.files.fail(method, "EACCES");
    const attempt = made().then((ready) => applySettings(platform, ready));
    await expect(attempt).rejects.toMatchObject({
      code: "INVALID_CONFIGURATION",
      message: expect.stringMatching(/^\/home\/ada\/state\/.* could not be (?:read|written): you have no permission$/),
    });
    expect(platform.files.texts()[target]).toBe("{}");
  },
);

test("another program adds to the file while it is written: refused, and removing still takes out ours alone", async () => {
  const platform = fakePlatform();
  const target = "/home/ada/.claude/settings.json";
  platform.files.put(target, '{"model":"opus"}');
  const request = { scope: "user", stateFolder: "/home/ada/state" } as const;
  const crowded: Files = {
    ...platform.files,
    async writeAtomic(name, bytes, options) {
      await platform.files.writeAtomic(name, bytes, options);
      if (name === target)
        platform.files.put(target, JSON.stringify({ ...JSON.parse(platform.files.texts()[target]!), theme: "dark" }));
    },
  };
  const busy = { ...platform, files: crowded };
  const attempt = planSettings(busy, { ...request, desired: wanted() }).then((ready) => applySettings(busy, ready));
  await expect(attempt).rejects.toThrow(/does not hold what was just written/);
  await applyRemoval(platform, await planRemoval(platform, request));
  expect(JSON.parse(platform.files.texts()[target]!)).toEqual({ model: "opus", theme: "dark" });
});

test("an AWS_PROFILE that this apply takes out again: no finding", async () => {
  const env = { CLAUDE_CODE_USE_BEDROCK: "1" };
  await apply({ ...wanted(), env: { ...env, AWS_PROFILE: "keyspring-acme" } });
  expect((await plan({ ...wanted(), env })).findings).toEqual([]);
  await edit((settings) => void (settings.env["AWS_PROFILE"] = "theirs"));
  expect((await plan({ ...wanted(), env })).findings).toMatchObject([{ code: "aws-profile" }]);
});

/** Files that stop working for good after `calls` changes, as if the computer had lost its power. */
function doomed(files: Files, calls: number): Files {
  let left = calls;
  const guarded =
    <A extends unknown[], R>(method: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (left <= 0) throw new Error("power lost");
      left -= 1;
      return method(...args);
    };
  return {
    ...files,
    writeAtomic: guarded((...args: Parameters<Files["writeAtomic"]>) => files.writeAtomic(...args)),
    append: guarded((...args: Parameters<Files["append"]>) => files.append(...args)),
    remove: guarded((...args: Parameters<Files["remove"]>) => files.remove(...args)),
    removeFolder: guarded((...args: Parameters<Files["removeFolder"]>) => files.removeFolder(...args)),
    makeFolder: guarded((...args: Parameters<Files["makeFolder"]>) => files.makeFolder(...args)),
  };
}

test("interrupted at any moment of an apply, of another apply and of the removal: removing leads back to the original", async () => {
  for (let calls = 0; calls < 30; calls += 1) {
    const platform = fakePlatform();
    const target = "/home/ada/.claude/settings.json";
    platform.files.put(target, '{"model":"opus"}');
    const request = { scope: "user", stateFolder: "/home/ada/state" } as const;
    const dying = { ...platform, files: doomed(platform.files, calls) };
    const steps = async (): Promise<void> => {
      await applySettings(dying, await planSettings(dying, { ...request, desired: wanted() }));
      await applySettings(dying, await planSettings(dying, { ...request, desired: wanted("globex") }));
      await applyRemoval(dying, await planRemoval(dying, request));
    };
    await steps().catch(() => undefined);
    await applyRemoval(platform, await planRemoval(platform, request));
    expect([calls, platform.files.texts()[target]]).toEqual([calls, '{"model":"opus"}']);
    expect(Object.keys(platform.files.texts()).filter((name) => name !== target)).toEqual([]);
  }
});

test("any document in any formatting: apply and remove is as if nothing had been, and apply again changes nothing", async () => {
  const environment = fc.dictionary(fc.constantFrom("AWS_REGION", "FOO", "AWS_PROFILE"), fc.string(), { maxKeys: 3 });
  const matcher = fc.constant({ hooks: [{ type: "command", command: "date" }] });
  const known = {
    awsCredentialExport: fc.string(),
    awsAuthRefresh: fc.string(),
    env: environment,
    hooks: fc.dictionary(fc.constantFrom("UserPromptSubmit", "Stop"), fc.array(matcher, { maxLength: 2 })),
  };
  const request = { scope: "user", stateFolder: "/home/ada/state" } as const;
  await fc.assert(
    fc.asyncProperty(oddJson(known), fc.boolean(), async ({ text, value }, bom) => {
      const platform = fakePlatform();
      const target = "/home/ada/.claude/settings.json";
      const before = (bom ? "\uFEFF" : "") + text;
      platform.files.put(target, before);
      await applySettings(platform, await planSettings(platform, { ...request, desired: wanted() }));
      const applied = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await platform.files.read(target));
      const settings = JSON.parse(bom ? applied.slice(1) : applied);
      expect(settings).toMatchObject({
        awsCredentialExport: command("export"),
        awsAuthRefresh: command("refresh"),
        env: wanted().env,
      });
      for (const name of Object.keys(value)) expect(Object.hasOwn(settings, name)).toBe(true);
      expect((await planSettings(platform, { ...request, desired: wanted() })).changed).toBe(false);
      await applySettings(platform, await planSettings(platform, { ...request, desired: wanted("globex") }));
      await applyRemoval(platform, await planRemoval(platform, request));
      expect(new TextDecoder("utf-8", { ignoreBOM: true }).decode(await platform.files.read(target))).toBe(before);
    }),
    { numRuns: 150 },
  );
});

test("any document, changed by others since: removing takes out ours and nothing else", async () => {
  const request = { scope: "user", stateFolder: "/home/ada/state" } as const;
  await fc.assert(
    fc.asyncProperty(
      oddJson({ env: fc.dictionary(fc.constantFrom("AWS_REGION", "FOO"), fc.string()) }),
      async ({ text, value }) => {
        const platform = fakePlatform();
        const target = "/home/ada/.claude/settings.json";
        platform.files.put(target, text);
        await applySettings(platform, await planSettings(platform, { ...request, desired: wanted() }));
        const theirs = { ...JSON.parse(platform.files.texts()[target]!), theirs: { x: 1 } };
        platform.files.put(target, JSON.stringify(theirs));
        await applyRemoval(platform, await planRemoval(platform, request));
        expect(JSON.parse(platform.files.texts()[target]!)).toEqual({ ...value, theirs: { x: 1 } });
      },
    ),
    { numRuns: 100 },
  );
});
