import { invalidConfiguration, type Platform, type RunRequest } from "@keyspring/core";
import { posixShellSyntax, windowsShellSyntax } from "./shell-syntax.ts";
import { shlexSplit } from "./shlex.ts";
import { windowsSplit } from "./windows-split.ts";

export interface Plan {
  readonly command: RunRequest["command"];
  /** The words as they are without a shell, for whoever looks at the command. */
  readonly words: readonly string[];
  /** What makes the SDKs differ; empty where they agree. */
  readonly disputed: readonly string[];
}

/**
 * How to run a `credential_process`. The SDKs differ: the JavaScript SDK gives the line to a shell, botocore (AWS CLI, boto3) splits it
 * and starts the program itself. Where both come to the same, the program is started directly; where only a shell makes sense of the
 * line, a shell runs it, as under Claude Code, and `disputed` names what botocore would take literally. A list is run as it stands.
 * @throws CredentialError INVALID_CONFIGURATION for a line without words or with a quote that does not end
 */
export function howToRun(given: string | readonly string[], os: Platform["os"], where: string): Plan {
  const words = typeof given === "string" ? (os === "win32" ? windowsSplit(given) : shlexSplit(given)) : given;
  if (words === undefined)
    throw invalidConfiguration(`${where} has a quote or backslash that does not end`, `Close the quote in ${where}.`);
  const [program, ...args] = words;
  if (program === undefined || program === "") throw invalidConfiguration(`${where} is empty`, `Name a program in ${where}.`);
  const direct = { command: [program, ...args] as const, words, disputed: [] };
  if (typeof given !== "string") return direct;
  const disputed = os === "win32" ? windowsShellSyntax(given) : posixShellSyntax(given);
  // Without an extension only cmd.exe finds aws.cmd; where there is aws.exe both find it.
  const needsSearch = os === "win32" && !/\.\w{2,4}$/.test(program);
  return disputed.length > 0 || needsSearch ? { command: { shell: given }, words, disputed } : direct;
}
