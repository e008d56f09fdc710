import type { Platform } from "@keyspring/core";
import { findRepository, type Repository } from "./git.ts";
import type { SettingsLocation, SettingsTarget } from "./types.ts";

/** The drop-in file of Keyspring in an administrator's folder; others win over it by a higher number. */
export const MANAGED_DROP_IN = "50-keyspring.json";

/** The settings file that Claude Code reads for this scope when it is started in `cwd`. */
export async function settingsLocation(platform: Platform, target: SettingsTarget): Promise<SettingsLocation> {
  const { path } = platform;
  const cwd = target.cwd ?? platform.cwd;
  const at = (file: string, repository?: Repository): SettingsLocation => ({
    scope: target.scope,
    path: file,
    gitRoot: repository?.top,
  });
  if (target.scope === "user") return at(path.join(userFolder(platform), "settings.json"));
  if (target.scope === "managed") return at(path.join(managedFolder(platform), "managed-settings.d", MANAGED_DROP_IN));
  const repository = await findRepository(platform, cwd);
  if (target.scope === "project") return at(path.join(cwd, ".claude", "settings.json"), repository);
  return at(path.join(await localFolder(platform, cwd, repository), ".claude", "settings.local.json"), repository);
}

/** `CLAUDE_CONFIG_DIR`, else `~/.claude` (`%USERPROFILE%\.claude`). */
export function userFolder({ env, home, cwd, path }: Platform): string {
  const moved = env["CLAUDE_CONFIG_DIR"];
  return moved === undefined || moved === "" ? path.join(home, ".claude") : path.resolve(cwd, moved);
}

export function managedFolder({ os }: Platform): string {
  if (os === "darwin") return "/Library/Application Support/ClaudeCode";
  return os === "win32" ? "C:\\Program Files\\ClaudeCode" : "/etc/claude-code";
}

/**
 * The folder whose `.claude/settings.local.json` ranks first. Measured on Claude Code 2.1.330: the top of the repository; of the main
 * working tree where the folder is in a linked one; the start folder outside git, on Windows, where the top is the home folder, belongs
 * to somebody else, or the linked worktree's repository is bare.
 */
export async function localFolder(platform: Platform, cwd: string, repository: Repository | undefined): Promise<string> {
  const { os, home, user, files } = platform;
  const root = repository?.mainTop;
  if (os === "win32" || root === undefined || root === home) return cwd;
  const owners = await Promise.all([files.facts(root), files.facts(repository!.entry)]);
  return owners.every((facts) => facts === undefined || facts.uid === user.uid) ? root : cwd;
}
