import { invalidConfiguration, shellWord, type Platform, type RunRequest } from "@keyspring/core";
import { readFacts, refuseNotExecutable, trustedFile } from "./trusted-file.ts";

/** Programs whose script matters as much as they do. */
const INTERPRETER =
  /^(?:env|sudo|(?:ba|da|z|k|fi|c|tc)?sh|busybox|python|pypy|uv|perl|ruby|node|deno|bun|php|lua|tclsh|rscript|java|pwsh|powershell|cmd)[\d.]*(?:\.exe)?$/i;

export interface CheckedCommand {
  readonly command: RunRequest["command"];
  /** How messages speak of it. */
  readonly what: string;
}

/**
 * The command, found fit to be run as a careful administrator would: absolute path (`~/` is the home folder), there, a regular file,
 * executable, owned and writable by nobody but the user and root. An interpreter's script is held to the same.
 * @param kind `command` or `sign_in_command`
 * @throws CredentialError INVALID_CONFIGURATION
 */
export async function checkedCommand(
  platform: Platform,
  given: readonly string[] | string,
  kind: string,
): Promise<CheckedCommand> {
  if (typeof given === "string") return checkedLine(platform, given, kind);
  const words = given.map((word) => withHome(platform, word));
  const [program = "", ...args] = words;
  if (!platform.path.isAbsolute(program))
    throw invalidConfiguration(
      `${kind} must begin with an absolute path, and ${JSON.stringify(program)} is none`,
      platform.os === "win32"
        ? `Find it: where.exe ${program}`
        : `Write its full path: ${program.includes("/") ? "realpath" : "command -v"} ${shellWord(program)}`,
    );
  const real = await trustedFile(platform, program);
  await refuseNotExecutable(platform, real);
  if (isInterpreter(platform, program) || isInterpreter(platform, real)) await checkScript(platform, args);
  return { command: [program, ...args], what: `the ${kind} ${program}` };
}

/** A shell decides what runs; what can be told beforehand is whether its first word is a file that others may change. */
async function checkedLine(platform: Platform, line: string, kind: string): Promise<CheckedCommand> {
  const [, quote, inside, bare] = /^\s*(?:(["'])(.+?)\1|([^\s"';&|<>$`()]+))/.exec(line) ?? [];
  const first = quote === undefined ? withHome(platform, bare ?? "") : inside!;
  const isFile = platform.path.isAbsolute(first) && (await readFacts(platform, first))?.kind === "file";
  if (isFile) await trustedFile(platform, first);
  return { command: { shell: line }, what: isFile ? `the ${kind} ${first}` : `the ${kind} of the shell` };
}

async function checkScript(platform: Platform, args: readonly string[]): Promise<void> {
  const script = args.find((argument) => platform.path.isAbsolute(argument));
  if (script !== undefined && (await readFacts(platform, script))?.kind === "file") await trustedFile(platform, script);
}

function isInterpreter(platform: Platform, program: string): boolean {
  return INTERPRETER.test(platform.path.basename(program));
}

/** No shell is there to do it. */
export function withHome(platform: Platform, word: string): string {
  return /^~[/\\]/.test(word) ? platform.path.join(platform.home, word.slice(2)) : word;
}
