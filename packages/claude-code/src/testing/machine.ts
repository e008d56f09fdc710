import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { Platform } from "@keyspring/core";
import { nodePlatform } from "@keyspring/host";

export interface Machine {
  readonly root: string;
  readonly home: string;
  readonly project: string;
  readonly stateFolder: string;
  readonly platform: Platform;
  /** The same machine with other facts. */
  with(facts: Partial<Platform>): Platform;
  remove(): Promise<void>;
}

/** The real file system and the real processes, with a home folder and a project of their own. */
export async function machine(env: Record<string, string> = {}): Promise<Machine> {
  const root = await fs.realpath(await fs.mkdtemp(path.join(tmpdir(), "claude-code-settings-")));
  const home = path.join(root, "home");
  const project = path.join(root, "project");
  await fs.mkdir(home, { mode: 0o700 });
  await fs.mkdir(project);
  const real = nodePlatform();
  const base = {
    ...real,
    home,
    cwd: project,
    env: { PATH: real.env["PATH"], HOME: home, GIT_CONFIG_NOSYSTEM: "1", ...env },
  };
  return {
    root,
    home,
    project,
    stateFolder: path.join(root, "state"),
    platform: base,
    with: (facts) => ({ ...base, ...facts }),
    remove: () => fs.rm(root, { recursive: true, force: true }),
  };
}

/** Every entry below a folder: kind, mode, link target or bytes. What it says before and after must be alike to the letter. */
export async function snapshot(folder: string): Promise<Record<string, string>> {
  const seen: Record<string, string> = {};
  for (const entry of await fs.readdir(folder, { recursive: true, withFileTypes: true })) {
    const full = path.join(entry.parentPath, entry.name);
    const stats = await fs.lstat(full);
    const mode = (stats.mode & 0o777).toString(8);
    const name = path.relative(folder, full);
    if (entry.isSymbolicLink()) seen[name] = `link ${await fs.readlink(full)}`;
    else if (entry.isFile()) seen[name] = `file ${mode} ${(await fs.readFile(full)).toString("base64")}`;
    else seen[name] = `${entry.isDirectory() ? "folder" : "other"} ${mode}`;
  }
  return seen;
}
