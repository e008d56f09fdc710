import { invalidConfiguration, type CredentialError, type Platform } from "@keyspring/core";
import { findRepository } from "./git.ts";
import type { IgnoreRecord } from "./records.ts";
import type { SettingsLocation } from "./types.ts";

/** What has to be told to git so that the local file is not committed by accident. */
export type IgnorePlan = IgnoreRecord;

/**
 * The local file is one person's; Claude Code has git ignore it only where it writes it itself. The least intrusive place is the
 * repository's own `info/exclude`: never committed, shared by all worktrees, nobody else's.
 */
export async function planIgnore(platform: Platform, { scope, path: file }: SettingsLocation): Promise<IgnorePlan | undefined> {
  if (scope !== "local") return undefined;
  const { files, path } = platform;
  const repository = await findRepository(platform, path.dirname(path.dirname(file)));
  if (repository === undefined || (await isIgnored(platform, repository.top, file))) return undefined;
  const exclude = path.join(repository.commonFolder, "info", "exclude");
  const text = await files.readText(exclude).catch((error: unknown) => {
    throw cannotIgnore(exclude, error);
  });
  const line = `/${path
    .relative(repository.top, file)
    .split(path.sep)
    .join("/")
    .replace(/[\\*?[\]]/g, "\\$&")}`;
  if (text?.split(/\r?\n/).includes(line)) return undefined;
  const eol = text?.includes("\r\n") ? "\r\n" : "\n";
  const open = text !== undefined && text !== "" && !text.endsWith("\n");
  return { path: exclude, added: `${open ? eol : ""}${line}${eol}`, created: text === undefined };
}

/** True if git tracks the file: ignoring it would then change nothing. */
export async function isTracked(platform: Platform, { scope, path: file }: SettingsLocation): Promise<boolean> {
  if (scope !== "local") return false;
  const repository = await findRepository(platform, platform.path.dirname(platform.path.dirname(file)));
  return repository !== undefined && (await git(platform, repository.top, "ls-files", "--error-unmatch", "--", file));
}

export async function applyIgnore(platform: Platform, plan: IgnorePlan): Promise<void> {
  try {
    await platform.files.append(plan.path, plan.added, { mode: 0o644 });
  } catch (error) {
    throw cannotIgnore(plan.path, error);
  }
}

function cannotIgnore(exclude: string, cause: unknown): CredentialError {
  return invalidConfiguration(
    `git cannot be told to ignore the file: ${exclude} cannot be written`,
    "Add .claude/settings.local.json to a .gitignore, or use --scope user.",
    cause,
  );
}

/** Takes out exactly what was appended; what others made of it meanwhile stays. */
export async function undoIgnore(platform: Platform, { path, added, created }: IgnoreRecord): Promise<void> {
  const text = await platform.files.readText(path);
  const at = text?.lastIndexOf(added) ?? -1;
  if (text === undefined || at === -1) return;
  const rest = text.slice(0, at) + text.slice(at + added.length);
  if (created && rest === "") return platform.files.remove(path);
  const mode = (await platform.files.facts(path))?.mode ?? 0o644;
  await platform.files.writeAtomic(path, rest, { mode });
}

async function isIgnored(platform: Platform, top: string, file: string): Promise<boolean> {
  return git(platform, top, "check-ignore", "-q", "--", file);
}

/** True if git says yes; false if it says no, cannot say, or is not installed. */
async function git(platform: Platform, cwd: string, ...args: string[]): Promise<boolean> {
  // Set by git for its own hooks; they would make it look into another repository.
  const { GIT_DIR: _dir, GIT_WORK_TREE: _tree, GIT_INDEX_FILE: _index, ...env } = platform.env;
  const deadline = platform.clock.deadline(10_000);
  try {
    const result = await platform.processes.run({
      command: ["git", "-C", cwd, ...args],
      env,
      cwd,
      signal: deadline.signal,
      timeout: 10_000,
      streams: "closed",
    });
    return result.outcome === "exited" && result.exitCode === 0;
  } finally {
    deadline.clear();
  }
}
