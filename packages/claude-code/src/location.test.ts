import { execFileSync } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { fakePlatform } from "@keyspring/core/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { settingsLocation } from "./index.ts";
import { machine, type Machine } from "./testing/machine.ts";

// Real files and processes, on machines that have other work too.
vi.setConfig({ testTimeout: 30_000 });

describe("user and managed scope, by system", () => {
  test.each([
    ["linux", {}, "/home/ada/.claude/settings.json"],
    ["darwin", {}, "/home/ada/.claude/settings.json"],
    ["linux", { CLAUDE_CONFIG_DIR: "/srv/claude" }, "/srv/claude/settings.json"],
    ["linux", { CLAUDE_CONFIG_DIR: "conf" }, "/home/ada/conf/settings.json"],
    ["linux", { CLAUDE_CONFIG_DIR: "" }, "/home/ada/.claude/settings.json"],
    ["win32", {}, "C:\\Users\\ada\\.claude\\settings.json"],
    ["win32", { CLAUDE_CONFIG_DIR: "D:\\c" }, "D:\\c\\settings.json"],
  ] as const)("%s %j", async (os, env, expected) => {
    expect((await settingsLocation(fakePlatform({ os, env }), { scope: "user" })).path).toBe(expected);
  });

  test.each([
    ["linux", "/etc/claude-code/managed-settings.d/50-keyspring.json"],
    ["darwin", "/Library/Application Support/ClaudeCode/managed-settings.d/50-keyspring.json"],
    ["win32", "C:\\Program Files\\ClaudeCode\\managed-settings.d\\50-keyspring.json"],
  ] as const)("%s", async (os, expected) => {
    expect((await settingsLocation(fakePlatform({ os }), { scope: "managed" })).path).toBe(expected);
  });
});

describe("project and local scope, as Claude Code 2.1.330 reads them", () => {
  let it: Machine;
  beforeEach(async () => {
    it = await machine();
  });
  afterEach(() => it.remove());

  const git = (cwd: string, ...args: string[]): void => {
    const identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always"];
    execFileSync("git", [...identity, ...args], { cwd, stdio: "pipe", env: { ...it.platform.env, HOME: it.home } });
  };
  const local = async (cwd: string, facts = {}): Promise<string> =>
    path.relative(it.root, (await settingsLocation(it.with(facts), { scope: "local", cwd })).path);
  const folder = async (...parts: string[]): Promise<string> => {
    const made = path.join(it.root, ...parts);
    await fs.mkdir(made, { recursive: true });
    return made;
  };

  test("project: the start folder, also below a repository's top", async () => {
    git(it.project, "init", "-q");
    const sub = await folder("project", "sub");
    const location = await settingsLocation(it.platform, { scope: "project", cwd: sub });
    expect(location).toEqual({ scope: "project", path: path.join(sub, ".claude", "settings.json"), gitRoot: it.project });
  });

  test("local outside git: the start folder", async () => {
    expect(await local(it.project)).toBe("project/.claude/settings.local.json");
  });

  test("local in a repository: its top", async () => {
    git(it.project, "init", "-q");
    expect(await local(await folder("project", "a", "b"))).toBe("project/.claude/settings.local.json");
  });

  test("local on Windows: the start folder", async () => {
    git(it.project, "init", "-q");
    expect(await local(await folder("project", "sub"), { os: "win32" })).toBe("project/sub/.claude/settings.local.json");
  });

  test("local in a repository whose top is the home folder: the start folder", async () => {
    git(it.home, "init", "-q");
    expect(await local(await folder("home", "sub"))).toBe("home/sub/.claude/settings.local.json");
  });

  test("local in somebody else's repository: the start folder", async () => {
    git(it.project, "init", "-q");
    const user = { uid: (process.getuid?.() ?? 0) + 1, name: "other" };
    expect(await local(await folder("project", "sub"), { user })).toBe("project/sub/.claude/settings.local.json");
  });

  test("local in a linked worktree: the top of the main one", async () => {
    git(it.project, "init", "-q");
    git(it.project, "commit", "-q", "--allow-empty", "-m", "x");
    git(it.project, "worktree", "add", "-q", "../tree");
    expect(await local(await folder("tree", "sub"))).toBe("project/.claude/settings.local.json");
  });

  test("local in a worktree of a bare repository: the start folder", async () => {
    git(it.project, "init", "-q");
    git(it.project, "commit", "-q", "--allow-empty", "-m", "x");
    git(it.root, "clone", "-q", "--bare", "project", "store.git");
    git(path.join(it.root, "store.git"), "worktree", "add", "-q", "../tree");
    expect(await local(await folder("tree", "sub"))).toBe("tree/sub/.claude/settings.local.json");
  });

  test("local in a submodule: the submodule's top", async () => {
    git(await folder("lib"), "init", "-q");
    git(path.join(it.root, "lib"), "commit", "-q", "--allow-empty", "-m", "x");
    git(it.project, "init", "-q");
    git(it.project, "submodule", "--quiet", "add", "../lib", "lib");
    expect(await local(await folder("project", "lib", "sub"))).toBe("project/lib/.claude/settings.local.json");
  });

  test("local where the repository's folder is kept elsewhere: the top of the working tree", async () => {
    git(it.project, "init", "-q", "--separate-git-dir=../store");
    expect(await local(await folder("project", "sub"))).toBe("project/.claude/settings.local.json");
  });
});
