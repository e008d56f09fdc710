import { invalidConfiguration, shellWord, isCredentialError, type CredentialError } from "@keyspring/core";

/** The system's code of what a file operation threw (`EACCES`, `ENOSPC`, …), if it has one. */
export function systemCode(error: unknown): string | undefined {
  if (isCredentialError(error)) return undefined;
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" ? code : undefined;
}

/** Runs `work`; what the system refuses in it becomes an error for people. `path` is named where the system names none. */
export async function inWords<T>(verb: Verb, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    const named = (error as { path?: unknown }).path;
    throw fileFailure(error, verb, typeof named === "string" ? named : path);
  }
}

type Verb = "read" | "written" | "removed";

/** What the system refused, in words, with what helps. */
export function fileFailure(error: unknown, verb: Verb, path: string): CredentialError {
  const code = systemCode(error) ?? "an unknown failure";
  const permission = /[/\\](?:claude-code|ClaudeCode)[/\\]managed-settings\.d[/\\]/.test(path)
    ? "Only an administrator may: run the command with sudo, or use another --scope."
    : `Run: ls -ld ${shellWord(path)} and give yourself permission, or use another --scope.`;
  const words: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
    EACCES: ["you have no permission", permission],
    EPERM: ["the system does not permit it", permission],
    EROFS: ["its file system is read-only", "Use another --scope, or change the file where it comes from."],
    ENOSPC: ["the disk is full", "Free some space, then run the command again; nothing was changed."],
    EDQUOT: ["your disk quota is used up", "Free some space, then run the command again; nothing was changed."],
    ELOOP: ["its symbolic links lead in a circle", `Run: ls -l ${shellWord(path)} and remove the wrong link.`],
    EISDIR: ["a folder is in its place", `Move the folder ${path} away, then run the command again.`],
    ENOTDIR: [
      "a file stands where one of its folders should be",
      `Run: ls -ld ${shellWord(path)} and its parents, and move that file away.`,
    ],
    ENAMETOOLONG: ["its name is too long", "Use a folder with a shorter path."],
  };
  const [what, remedy] = words[code] ?? [
    `the system said ${code}`,
    "Mend that, then run the command again; nothing was changed.",
  ];
  return invalidConfiguration(`${path} could not be ${verb}: ${what}`, remedy, error);
}
