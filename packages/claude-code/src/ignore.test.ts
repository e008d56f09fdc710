import { execFileSync } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { applyRemoval, applySettings, planRemoval, planSettings, type SettingsPlan } from "./index.ts";
import { machine, snapshot, type Machine } from "./testing/machine.ts";

// Real files and processes, on machines that have other work too.
vi.setConfig({ testTimeout: 30_000 });

let it: Machine;
beforeEach(async () => {
  it = await machine();
  git("init", "-q");
});
afterEach(() => it.remove());

const gitIn = (cwd: string, ...args: string[]): string =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
    cwd,
    encoding: "utf8",
    env: { ...it.platform.env },
  });
const git = (...args: string[]): string => gitIn(it.project, ...args);
const exclude = (): string => path.join(it.project, ".git", "info", "exclude");
const desired = { awsAuthRefresh: "aws sso login" };
const plan = (cwd = it.project, facts = {}): Promise<SettingsPlan> =>
  planSettings(it.with(facts), { scope: "local", cwd, stateFolder: it.stateFolder, desired });
const apply = async (cwd = it.project, facts = {}): Promise<void> =>
  void (await applySettings(it.with(facts), await plan(cwd, facts)));
const remove = async (cwd = it.project): Promise<void> =>
  applyRemoval(it.platform, await planRemoval(it.platform, { scope: "local", cwd, stateFolder: it.stateFolder }));
const untracked = (cwd = it.project): string => gitIn(cwd, "status", "--porcelain", "--untracked-files=all");

test("fresh repository: the file is ignored from the first moment, and nothing is left after removing", async () => {
  const old = await snapshot(it.project);
  await apply();
  expect(untracked()).toBe("");
  expect(await fs.readFile(exclude(), "utf8")).toMatch(/\n\/\.claude\/settings\.local\.json\n$/);
  await apply();
  await remove();
  expect(await snapshot(it.project)).toEqual(old);
});

test("no info folder: made and removed again", async () => {
  await fs.rm(path.dirname(exclude()), { recursive: true });
  await apply();
  expect(untracked()).toBe("");
  await remove();
  await expect(fs.readFile(exclude())).rejects.toMatchObject({ code: "ENOENT" });
});

test("exclude file without a line end at its end: comes back without one", async () => {
  await fs.writeFile(exclude(), "*.log");
  await apply();
  expect(await fs.readFile(exclude(), "utf8")).toBe("*.log\n/.claude/settings.local.json\n");
  await remove();
  expect(await fs.readFile(exclude(), "utf8")).toBe("*.log");
});

test("others wrote behind our line since: theirs stays", async () => {
  await apply();
  await fs.appendFile(exclude(), "*.tmp\n");
  await remove();
  expect(await fs.readFile(exclude(), "utf8")).toMatch(/[^]*(?<!local\.json)\n\*\.tmp\n$/);
});

test.each([
  ["by the repository", async () => fs.writeFile(path.join(it.project, ".gitignore"), "settings.local.json\n")],
  [
    "by the user's own excludes",
    async () => {
      await fs.mkdir(path.join(it.home, ".config", "git"), { recursive: true });
      await fs.writeFile(path.join(it.home, ".config", "git", "ignore"), "**/.claude/settings.local.json\n");
    },
  ],
] as const)("ignored already %s: nothing is added", async (_, prepare) => {
  await prepare();
  const old = await fs.readFile(exclude());
  await apply();
  expect(await fs.readFile(exclude())).toEqual(old);
  expect(untracked()).not.toContain("settings.local.json");
});

test("linked worktree: the main one's file, ignored in its repository", async () => {
  git("commit", "-q", "--allow-empty", "-m", "x");
  git("worktree", "add", "-q", "../tree");
  const tree = path.join(it.root, "tree");
  await apply(tree);
  expect(untracked() + untracked(tree)).toBe("");
  expect(await fs.readFile(path.join(it.project, ".claude", "settings.local.json"), "utf8")).toContain("aws sso login");
  await remove(tree);
  expect(await fs.readdir(it.project)).toEqual([".git"]);
});

test("a folder whose name has signs of patterns", async () => {
  const odd = path.join(it.project, "a [b] *");
  await fs.mkdir(odd);
  gitIn(odd, "init", "-q");
  await apply(odd);
  expect(untracked(odd)).toBe("");
});

test("outside git, and without git installed: applied all the same", async () => {
  await fs.rm(path.join(it.project, ".git"), { recursive: true });
  await apply();
  await remove();
  git("init", "-q");
  await apply(it.project, { env: { ...it.platform.env, PATH: "/nowhere" } });
  expect(untracked()).toBe("");
});

test("inside a hook of git: its variables do not lead to another repository", async () => {
  await apply(it.project, { env: { ...it.platform.env, GIT_DIR: "/nowhere/.git", GIT_WORK_TREE: "/nowhere" } });
  expect(untracked()).toBe("");
});

test("tracked by git: said, with the command that mends it", async () => {
  await fs.mkdir(path.join(it.project, ".claude"));
  await fs.writeFile(path.join(it.project, ".claude", "settings.local.json"), "{}");
  git("add", ".");
  git("commit", "-q", "-m", "x");
  const finding = (await plan()).findings.find(({ code }) => code === "tracked");
  expect(finding?.remedy).toMatch(/^Run: git rm --cached /);
});

test("the exclude file cannot be written: refused before anything else is", async () => {
  await fs.rm(exclude());
  await fs.mkdir(exclude());
  const old = await snapshot(it.project);
  await expect(apply()).rejects.toMatchObject({ code: "INVALID_CONFIGURATION" });
  expect(await snapshot(it.project)).toEqual(old);
});
