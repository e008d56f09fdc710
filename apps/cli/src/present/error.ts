import { CredentialError, isCredentialError } from "@keyspring/core";

const REPORT = "https://github.com/keyspring/keyspring/issues";

/** System errors that a person can mend, by their code. */
const SYSTEM: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  ENOSPC: ["there is no space left on the disk", "Free some space, then try again."],
  EDQUOT: ["your disk quota is used up", "Free some space, then try again."],
  EROFS: ["the file system is read-only", "Point KEYSPRING_STATE_DIR and KEYSPRING_CONFIG_DIR at folders that can be written."],
  EACCES: ["permission denied", "Make it readable and writable for yourself, e.g. with: chmod -R u+rwX"],
  EPERM: ["the operation is not permitted", "Make it your own, e.g. with: sudo chown -R $(id -un)"],
  ENOTDIR: ["a file stands where a folder is needed", "Move that file away, then try again."],
  EISDIR: ["a folder stands where a file is needed", "Move that folder away, then try again."],
  EMFILE: ["too many files are open", "Close some programs, or raise the limit with: ulimit -n 4096"],
  ELOOP: ["symbolic links lead in a circle", "Mend the link, then try again."],
};

/** Any failure as one that has a message and a remedy for people. */
export function explained(error: unknown): CredentialError {
  if (isCredentialError(error)) return error;
  const { code, path } = (error ?? {}) as { code?: string; path?: string };
  const known = typeof code === "string" ? SYSTEM[code] : undefined;
  if (known !== undefined) {
    const [what, remedy] = known;
    const where = path === undefined ? "" : ` (${path})`;
    const end = /chmod|chown/.test(remedy) && path !== undefined ? `${remedy} '${path}'` : remedy;
    return new CredentialError("INVALID_CONFIGURATION", `${what}${where}`, { remedy: end, cause: error });
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
