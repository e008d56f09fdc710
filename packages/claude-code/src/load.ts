import { invalidConfiguration, shellWord, type FileFacts, type Platform } from "@keyspring/core";
import { parseSettings, type SettingsText } from "./json-text.ts";
import { fileFailure, inWords } from "./system-failure.ts";

/** Claude Code 2.1.330 reads no settings file of 2 MiB, but one of 2 000 000 bytes. */
export const SIZE_LIMIT = 2_000_000;

export interface LoadedSettings extends SettingsText {
  /** `undefined` if there is no such file. */
  readonly bytes: Uint8Array | undefined;
  readonly facts: FileFacts | undefined;
  /** Where the bytes really lie, links followed; the path itself (its folder resolved) if there is no file. */
  readonly realPath: string;
}

/**
 * Reads one settings file, refusing everything that could not be edited and put back without loss.
 * @throws CredentialError INVALID_CONFIGURATION
 */
export async function loadSettings(platform: Platform, path: string): Promise<LoadedSettings> {
  const { files } = platform;
  return inWords("read", path, async () => {
    const entry = await files.linkFacts(path);
    if (entry === undefined)
      return {
        text: "",
        bom: false,
        value: {},
        bytes: undefined,
        facts: undefined,
        realPath: await realPathOf(platform, path),
      };
    const facts = await files.facts(path);
    if (facts === undefined) throw dangling(path);
    refuseOddity(platform, path, facts);
    const bytes = (await files.read(path)) ?? new Uint8Array();
    return { ...parseSettings(bytes, path), bytes, facts, realPath: await files.realPath(path) };
  });
}

function dangling(path: string): Error {
  return invalidConfiguration(
    `${path} is a symbolic link that leads to nothing`,
    `Run: ls -l ${shellWord(path)}, then make the file it names or remove the link.`,
  );
}

function refuseOddity({ os, user }: Platform, path: string, facts: FileFacts): void {
  if (facts.kind === "folder")
    throw invalidConfiguration(
      `${path} is a folder where a settings file should be`,
      `Move it away: mv ${shellWord(path)} ${shellWord(`${path}.old`)}`,
    );
  if (facts.kind !== "file")
    throw invalidConfiguration(
      `${path} is no regular file`,
      `Run: ls -l ${shellWord(path)}, and put a regular file in its place.`,
    );
  if (facts.size > SIZE_LIMIT)
    throw invalidConfiguration(
      `${path} has ${facts.size} bytes; Claude Code reads no settings file near 2 MiB`,
      "Make it smaller in an editor, then run the command again.",
    );
  if (os === "win32") return;
  if (facts.uid !== undefined && facts.uid !== user.uid)
    throw invalidConfiguration(
      `${path} belongs to another user (uid ${facts.uid}), and rewriting it would take it away from them`,
      facts.uid === 0
        ? `Change it where it is generated, or make it yours: sudo chown ${user.name} ${shellWord(path)}`
        : "Run the command as the user who owns the file.",
    );
  if ((facts.mode & 0o200) === 0)
    throw invalidConfiguration(
      `${path} is read-only`,
      `If that is no accident use another --scope; else run: chmod u+w ${shellWord(path)}`,
    );
}

/** The path with the links of its nearest existing folder resolved, so that one file has one name. */
async function realPathOf(platform: Platform, path: string): Promise<string> {
  const { files, path: paths } = platform;
  const folder = paths.dirname(path);
  if (folder === path) return path;
  const facts = await files.facts(folder);
  if (facts !== undefined && facts.kind !== "folder") throw Object.assign(new Error(folder), { code: "ENOTDIR" });
  const real = facts === undefined ? await realPathOf(platform, folder) : await files.realPath(folder);
  return paths.join(real, paths.basename(path));
}

/**
 * Refuses a folder that could not take the file, before anybody is asked to agree.
 * @throws CredentialError INVALID_CONFIGURATION
 */
export async function refuseUnwritableFolder(platform: Platform, realPath: string): Promise<void> {
  const { files, path: paths, user, os } = platform;
  let folder = paths.dirname(realPath);
  let facts = await files.facts(folder);
  while (facts === undefined && paths.dirname(folder) !== folder) {
    folder = paths.dirname(folder);
    facts = await files.facts(folder);
  }
  if (facts === undefined || os === "win32") return;
  const ours = facts.uid === user.uid || user.uid === 0;
  // A group that may write is not known to be the user's or not: writing will tell.
  if ((facts.mode & (ours ? 0o200 : 0o022)) !== 0) return;
  if (ours) throw invalidConfiguration(`the folder ${folder} is read-only`, `Run: chmod u+w ${shellWord(folder)}`);
  throw fileFailure(Object.assign(new Error(folder), { code: "EACCES" }), "written", realPath);
}
