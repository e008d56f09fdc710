import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, unlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { lost, snapshot } from "../bad-input/case.ts";
import { missing, refuseToSkip } from "../bad-input/needs.ts";
import { house as newHouse, type House, type HouseOptions } from "../lib/house.ts";
import type { Finished } from "../lib/process.ts";
import { settingsOf as settings, USER_SETTINGS as USER } from "./claude-settings.ts";

const PLAIN = '{\n  "model": "opus"\n}\n';
const TWO_PROFILES = `
[profiles.other]
organization = "acme"
[profiles.other.options]
account_id = "210987654321"
role_name = "ReadOnly"
`;

const apply = (house: House, ...more: string[]): Promise<Finished> =>
  well(house.keyspring("settings", "apply", "--yes", ...more));
const remove = (house: House, ...more: string[]): Promise<Finished> => well(house.keyspring("settings", "remove", ...more));

async function well(running: Promise<Finished>): Promise<Finished> {
  const result = await running;
  expect(result.exitCode, result.stderr).toBe(0);
  return result;
}

const records = (house: House): Promise<unknown[]> =>
  house.keyspring("settings", "show", "--json").then(({ stdout }) => (JSON.parse(stdout) as { applied: unknown[] }).applied);

type Work = (house: House, old: ReadonlyMap<string, string>) => Promise<void>;

/** A house with settings of its own; `work` begins with what they look like. */
function state(name: string, work: Work, options: HouseOptions = {}): void {
  it(name, async ({ onTestFinished }) => {
    const house = await newHouse({ ...options, onFinished: onTestFinished });
    house.write(USER, PLAIN);
    await work(house, snapshot(house.home));
  });
}

const same = (house: House, old: ReadonlyMap<string, string>): void => expect(lost(old, snapshot(house.home))).toEqual([]);

describe.concurrent("settings remove after apply", () => {
  state("untouched: byte for byte", async (house, old) => {
    await apply(house);
    expect((await remove(house)).stderr).toContain("Restored byte for byte");
    same(house, old);
    expect(await records(house)).toEqual([]);
  });

  state("never applied: nothing to do", async (house, old) => {
    expect((await remove(house)).stderr).toContain("Keyspring has put nothing into");
    same(house, old);
  });

  state("applied twice: back to before the first", async (house, old) => {
    await apply(house);
    await apply(house);
    await remove(house);
    same(house, old);
  });

  state("applied again for another profile: back to before the first", async (house, old) => {
    house.write(".config/keyspring/config.toml", house.read(".config/keyspring/config.toml") + TWO_PROFILES);
    const before = new Map([...old, ...snapshot(house.home)]);
    await apply(house);
    await apply(house, "--profile", "other");
    expect(settings(house).awsAuthRefresh).toMatch(/--profile other$/);
    expect(settings(house).hooks?.UserPromptSubmit).toHaveLength(1);
    await remove(house);
    same(house, before);
  });

  state("applied through ~/.aws/config, then again without: the profile there is gone at once", async (house, old) => {
    const aws = house.write(".aws/config", "[default]\nregion = eu-west-1\n");
    house.write(".config/keyspring/config.toml", house.read(".config/keyspring/config.toml") + TWO_PROFILES);
    const before = new Map([...old, ...snapshot(house.home)]);
    await apply(house, "--delivery", "profile");
    await apply(house, "--delivery", "profile");
    expect(house.read(".aws/config")).toContain("[profile keyspring-acme]");
    await apply(house, "--delivery", "profile", "--scope", "local");
    expect((await apply(house, "--profile", "other")).stderr).not.toContain(aws);
    await apply(house, "--profile", "other", "--delivery", "profile");
    expect((await apply(house, "--scope", "local")).stderr).toContain(`[profile keyspring-acme] was taken out of ${aws}`);
    expect(house.read(".aws/config")).not.toContain("keyspring-acme");
    await remove(house, "--scope", "local");
    await remove(house);
    same(house, before);
  });

  state(
    "the block in ~/.aws/config lost its end: refused before anything is changed, and whole again once it is mended",
    async (house, old) => {
      const aws = house.write(".aws/config", "[default]\nregion = eu-west-1\n");
      const before = new Map([...old, ...snapshot(house.home)]);
      await apply(house, "--delivery", "profile");
      const [ours, block] = [house.read(USER), house.read(".aws/config")];
      house.write(".aws/config", block.replace(/^# <<< .*\n/m, ""));
      const broken = await house.keyspring("settings", "remove");
      expect(broken).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`is missing in ${aws}`) });
      expect(house.read(USER)).toBe(ours);
      house.write(".aws/config", block);
      await remove(house);
      same(house, before);
    },
  );

  state("applied again with less: what is wanted no more is gone at once", async (house, old) => {
    await apply(house);
    await apply(house, "--no-refresh", "--no-hook");
    expect(Object.keys(settings(house)).toSorted()).toEqual(["awsCredentialExport", "env", "model"]);
    await remove(house);
    same(house, old);
  });

  state("somebody added other keys: they stay, ours go", async (house) => {
    await apply(house);
    const { env, ...others } = settings(house);
    const now = { ...others, theme: "dark", env: { ...env, FOO: "bar" } };
    house.write(USER, `${JSON.stringify(now, undefined, 2)}\n`);
    expect((await remove(house)).stderr).toContain("only Keyspring's own part was taken out");
    expect(settings(house)).toEqual({ model: "opus", theme: "dark", env: { FOO: "bar" } });
  });

  state("somebody changed ours: theirs stays and is named", async (house) => {
    await apply(house);
    house.write(USER, JSON.stringify({ ...settings(house), awsAuthRefresh: "/opt/theirs.sh" }));
    expect((await remove(house)).stderr).toMatch(/Left as they are, because somebody changed them since: awsAuthRefresh/);
    expect(settings(house)).toEqual({ model: "opus", awsAuthRefresh: "/opt/theirs.sh" });
  });

  state("somebody else's helper was replaced: it comes back, also after other changes", async (house) => {
    house.write(USER, '{ "awsAuthRefresh": "/opt/old.sh" }');
    await apply(house);
    house.write(USER, JSON.stringify({ ...settings(house), theme: "dark" }));
    await remove(house);
    expect(settings(house)).toEqual({ awsAuthRefresh: "/opt/old.sh", theme: "dark" });
  });

  state("somebody deleted the file: nothing is put back", async (house) => {
    await apply(house);
    unlinkSync(house.path(USER));
    expect((await remove(house)).stderr).toContain("The file is gone");
    expect(existsSync(house.path(USER))).toBe(false);
    expect(await records(house)).toEqual([]);
  });

  state("somebody deleted the file and its folder", async (house) => {
    await apply(house);
    rmSync(house.path(".claude"), { recursive: true });
    expect((await remove(house)).stderr).toContain("The file is gone");
    expect(existsSync(house.path(".claude"))).toBe(false);
  });

  state("somebody broke the file: refused, and whole again once it is mended", async (house, old) => {
    await apply(house);
    const ours = house.read(USER);
    house.write(USER, ours.slice(0, 80));
    const broken = await house.keyspring("settings", "remove");
    expect({ exitCode: broken.exitCode, stderr: broken.stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^keyspring: \S+settings\.json:\d+:\d+: no valid JSON.*\nMend /),
    });
    expect(house.read(USER)).toBe(ours.slice(0, 80));
    house.write(USER, ours);
    await remove(house);
    same(house, old);
  });

  state("somebody restored the file by hand: nothing left to do", async (house, old) => {
    await apply(house);
    house.write(USER, PLAIN);
    await remove(house);
    same(house, old);
    expect(await records(house)).toEqual([]);
  });

  state("a link was put in its place", async (house) => {
    await apply(house);
    const ours = house.read(USER);
    house.write("dotfiles/claude.json", ours);
    unlinkSync(house.path(USER));
    symlinkSync("../dotfiles/claude.json", house.path(USER));
    await remove(house);
    expect(house.read("dotfiles/claude.json")).toBe(PLAIN);
  });

  state("two scopes at once: each comes back by itself", async (house, old) => {
    house.write("project/readme", "");
    const before = new Map([...old, ...snapshot(house.home)]);
    const inProject = { cwd: house.path("project") };
    await well(house.start(["settings", "apply", "--yes", "--scope", "local"], inProject).finished);
    await well(house.start(["settings", "apply", "--yes"], inProject).finished);
    await well(house.start(["settings", "apply", "--yes", "--scope", "project"], inProject).finished);
    expect(await records(house)).toHaveLength(3);
    await well(house.start(["settings", "remove"], inProject).finished);
    expect(house.read(USER)).toBe(PLAIN);
    expect(settings(house, "project/.claude/settings.local.json").awsCredentialExport).toMatch(/export/);
    await well(house.start(["settings", "remove", "--scope", "project"], inProject).finished);
    await well(house.start(["settings", "remove", "--scope", "local"], inProject).finished);
    same(house, before);
  });

  state("CLAUDE_CONFIG_DIR moved since: the file that was written is the one that is restored", async (house) => {
    house.env["CLAUDE_CONFIG_DIR"] = house.path("a");
    await apply(house);
    house.env["CLAUDE_CONFIG_DIR"] = house.path("b");
    expect((await remove(house)).stderr).toContain("has put nothing into");
    house.env["CLAUDE_CONFIG_DIR"] = house.path("a");
    await remove(house);
    expect(existsSync(house.path("a"))).toBe(false);
  });

  state("dry runs change nothing and show both ways", async (house, old) => {
    const planned = await house.keyspring("settings", "apply", "--dry-run");
    expect(planned).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^--- [^]*\n\+ {2}"awsCredentialExport": /m) });
    same(house, old);
    await apply(house);
    const applied = snapshot(house.home);
    const undone = await house.keyspring("settings", "remove", "--dry-run");
    expect(undone).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^- {2}"awsCredentialExport": /m) });
    expect(snapshot(house.home)).toEqual(applied);
  });

  it("a project in git: the local file is ignored, and no trace stays", async ({ skip, onTestFinished }) => {
    const lacking = missing(["git"]);
    if (lacking !== undefined) skip(refuseToSkip(lacking));
    const house = await newHouse({ onFinished: onTestFinished });
    const project = house.path("project");
    mkdirSync(project);
    const git = (...args: string[]): Promise<Finished> => well(house.run("git", ["-C", project, ...args]));
    await git("init", "--quiet");
    house.write("project/src/readme", "");
    const old = snapshot(house.home);
    const below = { cwd: house.path("project/src") };
    await well(house.start(["settings", "apply", "--yes", "--scope", "local"], below).finished);
    expect(existsSync(house.path("project/.claude/settings.local.json"))).toBe(true);
    expect((await git("status", "--porcelain", "--untracked-files=all")).stdout).toBe("?? src/readme\n");
    await well(house.start(["settings", "remove", "--scope", "local"], below).finished);
    same(house, old);
  });
});

describe.concurrent("killed in the middle", () => {
  // From before the first read to after the last write, in steps that machines of any speed meet somewhere.
  const MOMENTS = [60, 90, 110, 130, 150, 170, 190, 220, 260, 320];
  it("apply, killed at ten moments: the file is whole, and remove brings back every byte", async ({ onTestFinished }) => {
    const house = await newHouse({ onFinished: onTestFinished });
    house.write(USER, PLAIN);
    const old = snapshot(house.home);
    for (const moment of MOMENTS) {
      const running = house.start(["settings", "apply", "--yes"]);
      setTimeout(() => running.child.kill("SIGKILL"), moment);
      await running.finished;
      const text = readFileSync(house.path(USER), "utf8");
      expect(() => JSON.parse(text) as unknown).not.toThrow();
      await remove(house);
      expect(readFileSync(house.path(USER), "utf8")).toBe(PLAIN);
      await apply(house);
      const undoing = house.start(["settings", "remove"]);
      setTimeout(() => undoing.child.kill("SIGKILL"), moment);
      await undoing.finished;
      await remove(house);
      expect(readFileSync(house.path(USER), "utf8")).toBe(PLAIN);
    }
    const left = lost(old, snapshot(house.home)).filter((path) => !/\/\.settings\.json\.\d+\.[\da-f]+\.tmp$/.test(path));
    expect(left).toEqual([]);
  });

  it("two applies and a removal at once: one after the other, and the end is whole", async ({ onTestFinished }) => {
    const house = await newHouse({ onFinished: onTestFinished });
    house.write(USER, PLAIN);
    await Promise.all(["apply", "remove", "apply", "remove"].map((command) => house.keyspring("settings", command, "--yes")));
    expect(() => settings(house)).not.toThrow();
    await apply(house);
    await remove(house);
    expect(house.read(USER)).toBe(PLAIN);
  });
});
