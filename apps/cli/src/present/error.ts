import { CredentialError, isCredentialError, shellWord } from "@keyspring/core";

const REPORT = "https://github.com/keyspring/keyspring/issues";

/** What a person can do about a path, given as a shell reads it. */
type Remedy = (path: string | undefined) => string;

const away: Remedy = (path) => (path === undefined ? "Move it away." : `Move it away: mv ${path} ${path}.old`);
const space: Remedy = (path) => (path === undefined ? "Free some space: df -h" : `Free some space: df -h "$(dirname ${path})"`);
const look: Remedy = (path) => (path === undefined ? "Mend the link." : `See where it leads: ls -l ${path}`);

/** System errors that a person can mend, by their code. */
const SYSTEM: Readonly<Record<string, readonly [what: string, remedy: Remedy]>> = {
  ENOSPC: ["there is no space left on the disk", space],
  EDQUOT: ["your disk quota is used up", space],
  EROFS: [
    "the file system is read-only",
    () => "Point KEYSPRING_STATE_DIR and KEYSPRING_CONFIG_DIR at folders that can be written.",
  ],
  EACCES: ["permission denied", (path) => (path === undefined ? "Look at the file's mode and owner." : MODE(path))],
  EPERM: ["the operation is not permitted", (path) => `Make it your own: sudo chown -R "$(id -un)" ${path ?? "FILE"}`],
  ENOTDIR: ["a file stands where a folder is needed", (path) => `Move that file away; it is above ${path ?? "the folder"}.`],
  EEXIST: ["something else stands where a folder is needed", away],
  EISDIR: ["a folder stands where a file is needed", away],
  EMFILE: ["too many files are open", () => "Close some programs, or raise the limit with: ulimit -n 4096"],
  ENFILE: ["too many files are open on this machine", () => "Close some programs, then try again."],
  ENOMEM: ["there is no memory left", () => "Close some programs, then try again."],
  EAGAIN: ["no more processes can be started", () => "Close some programs, or look at the limit with: ulimit -u"],
  ELOOP: ["symbolic links lead in a circle", look],
  ENAMETOOLONG: ["a name is too long for the file system", () => "Choose a shorter one."],
  EIO: ["the disk reports an error", (path) => `Look at its health; the file is ${path ?? "unknown"}.`],
};

/** It may be the file or the folder that it lies in. */
const MODE = (path: string): string => `Run: chmod u+rwX "$(dirname ${path})" ${path}`;

/** Any failure as one that has a message and a remedy for people. */
export function explained(error: unknown): CredentialError {
  if (isCredentialError(error)) return error;
  const { code, path } = (error ?? {}) as { code?: string; path?: string };
  const known = typeof code === "string" ? SYSTEM[code] : undefined;
  if (known !== undefined) {
    const [what, remedy] = known;
    const where = path === undefined ? "" : ` (${path})`;
    const quoted = path === undefined ? undefined : shellWord(path);
    return new CredentialError("INVALID_CONFIGURATION", `${what}${where}`, { remedy: remedy(quoted), cause: error });
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new CredentialError("INTERNAL", `a defect in Keyspring: ${text.split("\n")[0]}`, {
    remedy: `Please report it at ${REPORT}; the log says more (keyspring status shows where it is).`,
    cause: error,
  });
}

/** Two lines: what is wrong, what to type. */
export function errorLines(error: CredentialError, redact: (text: string) => string): string {
  const oneLine = (text: string): string => redact(text).replaceAll(/\s*\n\s*/g, " ");
  return `keyspring: ${oneLine(error.message)}\n${oneLine(error.remedy ?? "Try again.")}\n`;
}
