import { type FileFacts, invalidConfiguration, type Platform, shellWord } from "@keyspring/core";

/** Write permission of the group and of everybody. */
const OTHERS_WRITE = 0o022;

/**
 * Makes the folder (0700, with what is missing above it) and checks it.
 * @throws CredentialError INVALID_CONFIGURATION if other users can write it or another user owns it; the remedy is the command
 */
export async function securedFolder(platform: Platform, folder: string): Promise<void> {
  if (await checkedFolder(platform, folder)) return;
  try {
    await platform.files.makeFolder(folder, { mode: 0o700 });
  } catch (error) {
    throw notWritable(platform, folder, error);
  }
  await checkedFolder(platform, folder);
}

/** The same check without making it; `false` if there is no such folder. */
export async function checkedFolder(platform: Platform, folder: string): Promise<boolean> {
  const facts = await platform.files.facts(folder);
  if (facts === undefined) return false;
  if (facts.kind !== "folder")
    throw invalidConfiguration(
      `${folder} is not a folder`,
      `Move it away: mv ${shellWord(folder)} ${shellWord(`${folder}.old`)}`,
    );
  refuseForeign(platform, folder, facts, "700");
  return true;
}

/** Checks a configuration file in the same way; one that root owns is an administrator's and is fine. */
export async function checkedFile(platform: Platform, file: string): Promise<boolean> {
  const facts = await platform.files.facts(file);
  if (facts === undefined) return false;
  if (facts.kind === "folder") throw invalidConfiguration(`${file} is a folder, not a file`, `Run: rmdir ${shellWord(file)}`);
  refuseForeign(platform, file, facts, "600");
  return true;
}

function refuseForeign(platform: Platform, path: string, facts: FileFacts, mode: string): void {
  const { uid } = platform.user;
  if (uid === undefined || facts.uid === undefined) return;
  if (facts.uid !== uid && facts.uid !== 0)
    throw invalidConfiguration(
      `${path} belongs to another user (uid ${facts.uid})`,
      `Run: sudo chown -R ${uid} ${shellWord(path)}`,
    );
  if ((facts.mode & OTHERS_WRITE) !== 0)
    throw invalidConfiguration(
      `${path} can be written by other users (mode ${facts.mode.toString(8).padStart(4, "0")})`,
      `Run: chmod ${mode} ${shellWord(path)}`,
    );
}

/** What the system said about writing below `path`, in words; anything unknown stays as it is. */
export function notWritable(platform: Platform, path: string, error: unknown): unknown {
  const { code, path: named, syscall } = (error instanceof Error ? error : {}) as Partial<NodeJS.ErrnoException>;
  // What could not be made lies in a folder that is there; what could not be written is there itself.
  const place = syscall === "mkdir" && named !== undefined ? platform.path.dirname(named) : path;
  switch (code) {
    case "EACCES":
    case "EPERM":
      return invalidConfiguration(
        place === path ? `${path} cannot be written` : `${path} cannot be made: ${place} is not writable for you`,
        ownershipCommand(platform, place),
        error,
      );
    case "EROFS":
      return invalidConfiguration(
        `${path} is on a read-only disk`,
        "Set KEYSPRING_STATE_DIR to a folder that can be written.",
        error,
      );
    case "ENOSPC":
    case "EDQUOT":
      return invalidConfiguration(
        `the disk is full: ${path} could not be written`,
        `Free some space: df -h ${shellWord(place)}`,
        error,
      );
    case "EEXIST":
    case "ENOTDIR":
      return invalidConfiguration(
        `${named ?? path} is something else than a folder`,
        `Move it away: mv ${shellWord(named ?? path)} ${shellWord(`${named ?? path}.old`)}`,
        error,
      );
    default:
      return error;
  }
}

function ownershipCommand(platform: Platform, path: string): string {
  const word = shellWord(path);
  return platform.user.uid === undefined
    ? `Give yourself the right to write ${path}.`
    : `Run: chmod u+rwX ${word} || sudo chown -R ${platform.user.uid} ${word}`;
}
