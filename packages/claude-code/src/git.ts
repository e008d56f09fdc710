import type { Platform } from "@keyspring/core";

/** What git calls a repository, found without git: Claude Code may run where no git is installed. */
export interface Repository {
  /** Top of the working tree. */
  readonly top: string;
  /** Shared by all worktrees: holds `info/exclude`. */
  readonly commonFolder: string;
  /** Top of the main working tree if this one was made by `git worktree`; `undefined` where the repository is bare. */
  readonly mainTop: string | undefined;
  /** The entry `.git` of the main working tree or of this one. */
  readonly entry: string;
}

export async function findRepository(platform: Platform, from: string): Promise<Repository | undefined> {
  const { files, path } = platform;
  for (let top = path.resolve(from); ; top = path.dirname(top)) {
    const entry = path.join(top, ".git");
    const facts = await files.facts(entry);
    if (facts?.kind === "folder") return { top, commonFolder: entry, mainTop: top, entry };
    if (facts?.kind === "file") return behindFile(platform, top, entry);
    if (path.dirname(top) === top) return undefined;
  }
}

/** `.git` as a file says `gitdir: …`: a worktree (whose folder has a `commondir`), a submodule, or a folder kept elsewhere. */
async function behindFile({ files, path }: Platform, top: string, entry: string): Promise<Repository | undefined> {
  const folder = /^gitdir: (.+?)\r?\n?$/.exec((await files.readText(entry)) ?? "")?.[1];
  if (folder === undefined) return undefined;
  const gitFolder = path.resolve(top, folder);
  const common = (await files.readText(path.join(gitFolder, "commondir")))?.trim();
  if (common === undefined) return { top, commonFolder: gitFolder, mainTop: top, entry };
  const commonFolder = path.resolve(gitFolder, common);
  const main = path.basename(commonFolder) === ".git" ? path.dirname(commonFolder) : undefined;
  return { top, commonFolder, mainTop: main, entry: main === undefined ? entry : commonFolder };
}
