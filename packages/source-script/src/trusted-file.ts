import { invalidConfiguration, shellWord, type CredentialError, type FileFacts, type Platform } from "@keyspring/core";

const OTHERS_WRITE = 0o022;
const EVERYBODY_WRITES = 0o002;

/**
 * Refuses a file which somebody else could have changed: it must be a regular file of the user's or root's that nobody else may write,
 * in a folder of the same kind (a sticky one will do: there nobody can replace another's file), below no folder that everybody may
 * write. Where a link leads to it, the same goes for the link's folder. On Windows, where modes say nothing, that it is a file.
 * @returns where it really lies
 * @throws CredentialError INVALID_CONFIGURATION whose remedy is the command that mends it
 */
export async function trustedFile(platform: Platform, path: string): Promise<string> {
  const facts = await readFacts(platform, path);
  if (facts === undefined) throw await absent(platform, path);
  if (facts.kind === "folder")
    throw invalidConfiguration(`${path} is a folder, not a command`, `Name a file in it: ls ${shellWord(path)}`);
  if (facts.kind !== "file") throw invalidConfiguration(`${path} is not a regular file`, "Name a program or script.");
  const real = await platform.files.realPath(path);
  if (platform.os === "win32") return real;

  refuseForeign(platform, real, facts);
  if ((facts.mode & OTHERS_WRITE) !== 0) throw writable(platform, real, facts, "and so be changed");
  for (const file of new Set([real, path])) await refuseForeignFolders(platform, file);
  return real;
}

/** @throws CredentialError INVALID_CONFIGURATION with the `chmod` to type, or on Windows if the name tells of no program */
export async function refuseNotExecutable(platform: Platform, path: string): Promise<void> {
  if (platform.os === "win32") {
    if (/\.(?:exe|com|cmd|bat)$/i.test(path)) return;
    const remedy = /\.ps1$/i.test(path)
      ? `Use: ["C:\\\\Windows\\\\System32\\\\WindowsPowerShell\\\\v1.0\\\\powershell.exe", "-NoProfile", "-File", "…"]`
      : "Name an .exe, .com, .cmd or .bat file, or an interpreter first and the script second.";
    throw invalidConfiguration(`${path} is nothing that Windows runs by itself`, remedy);
  }
  const facts = await platform.files.facts(path);
  const { uid } = platform.user;
  if (facts === undefined || uid === undefined) return;
  const needed = uid === 0 ? 0o111 : facts.uid === uid ? 0o100 : 0o011;
  if ((facts.mode & needed) !== 0) return;
  const who = facts.uid === uid ? "u+x" : "a+rx";
  throw invalidConfiguration(`${path} is not executable`, `Run: ${asOwner(platform, facts)}chmod ${who} ${shellWord(path)}`);
}

async function refuseForeignFolders(platform: Platform, file: string): Promise<void> {
  const folder = platform.path.dirname(file);
  const facts = await readFacts(platform, folder);
  if (facts !== undefined) {
    refuseForeign(platform, folder, facts);
    if ((facts.mode & OTHERS_WRITE) !== 0 && facts.sticky !== true)
      throw writable(platform, folder, facts, "and so the command in it replaced");
  }
  for (
    let above = platform.path.dirname(folder), below = folder;
    above !== below;
    below = above, above = platform.path.dirname(above)
  ) {
    const outer = await readFacts(platform, above);
    if (outer !== undefined && (outer.mode & EVERYBODY_WRITES) !== 0 && outer.sticky !== true)
      throw writable(platform, above, outer, "and so the command below it replaced");
  }
}

/** @throws CredentialError INVALID_CONFIGURATION where the system does not even let it be looked at */
export async function readFacts(platform: Platform, path: string): Promise<FileFacts | undefined> {
  try {
    return await platform.files.facts(path);
  } catch (error) {
    throw invalidConfiguration(
      `${path} cannot be looked at (${codeOf(error)})`,
      `Look at the way to it: namei -l ${shellWord(path)}`,
      error,
    );
  }
}

async function absent(platform: Platform, path: string): Promise<CredentialError> {
  const link = await platform.files.linkFacts(path);
  return link === undefined
    ? invalidConfiguration(
        `there is no ${path}`,
        `Correct the path, or put the command there: ls -l ${shellWord(platform.path.dirname(path))}`,
      )
    : invalidConfiguration(`${path} is a link that leads nowhere`, `See where it leads: ls -l ${shellWord(path)}`);
}

function refuseForeign(platform: Platform, path: string, facts: FileFacts): void {
  const { uid, name } = platform.user;
  if (uid === undefined || facts.uid === undefined || facts.uid === uid || facts.uid === 0) return;
  throw invalidConfiguration(
    `${path} belongs to another user (uid ${facts.uid}), who could change the command`,
    `If you trust it, run: sudo chown ${uid === 0 ? "root" : shellWord(name)} ${shellWord(path)}`,
  );
}

function writable(platform: Platform, path: string, facts: FileFacts, consequence: string): CredentialError {
  const mode = facts.mode.toString(8).padStart(4, "0");
  return invalidConfiguration(
    `${path} can be written by other users (mode ${mode}) ${consequence}`,
    `Run: ${asOwner(platform, facts)}chmod go-w ${shellWord(path)}`,
  );
}

function asOwner(platform: Platform, facts: FileFacts): string {
  return facts.uid === platform.user.uid || platform.user.uid === 0 ? "" : "sudo ";
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : "for an unknown reason";
}
