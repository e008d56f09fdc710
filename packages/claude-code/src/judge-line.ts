import type { Platform } from "@keyspring/core";
import { findProgram } from "./find-program.ts";
import { programFindings } from "./program-safety.ts";
import { firstCommand } from "./shell-words.ts";
import type { CommandVerdict, Finding } from "./types.ts";

/** Programs that are only as safe as the script that they are given. */
const INTERPRETER = /^(?:(?:ba|da|z|k|fi)?sh|python[\d.]*|node|deno|bun|perl|ruby|pwsh|powershell)(?:\.exe)?$/;

/** Words of the shell itself: what they lead to cannot be told from the line's beginning. */
const BUILT_IN = /^(?:cd|trap|umask|\.|source|eval|export|set|unset|if|while|for|case|test|\[|\{|!|:|true|call|@.*)$/;

export interface JudgedLine {
  readonly program: string | undefined;
  readonly findings: readonly Finding[];
}

/** What can be said about a command line without running it. `absolute`: a bare name is refused, however it is found now. */
export async function judgeLine(
  platform: Platform,
  line: string,
  options: { readonly setting: string; readonly cwd: string; readonly absolute: boolean },
): Promise<JudgedLine> {
  const { path, os } = platform;
  const { setting, cwd, absolute } = options;
  if (line.trim() === "")
    return {
      program: undefined,
      findings: [
        error(
          "empty",
          `the command for ${setting} is empty`,
          "Claude Code's settings allow no empty command.",
          `Give a command, or leave --${flagOf(setting)} out.`,
        ),
      ],
    };
  const { words, compound } = firstCommand(platform, line);
  const [word] = words;
  if (word === undefined || word === "" || BUILT_IN.test(word))
    return {
      program: undefined,
      findings: [
        error(
          "no-program",
          `no program can be made out at the beginning of ${setting}`,
          "A line that begins with a built-in, an operator or a substitution cannot be checked.",
          "Put the line in a script and give that script's absolute path.",
        ),
      ],
    };

  const program = await findProgram(platform, word, cwd);
  const findings: Finding[] = [];
  if (!path.isAbsolute(word) && absolute)
    findings.push(
      error(
        "not-absolute",
        `${setting} begins with ${word}, which is no absolute path`,
        "Claude Code runs it in whatever folder and PATH a session has, an editor's or a cloned repository's too.",
        program === undefined ? "Give the absolute path of the program." : `Write ${program} instead of ${word}.`,
      ),
    );
  else if (/[/\\]/.test(word) && !path.isAbsolute(word))
    findings.push(
      error(
        "not-absolute",
        `${word} is relative to whatever folder Claude Code is started in`,
        "In another folder it is another program, or none.",
        `Write ${path.resolve(cwd, word)} instead.`,
      ),
    );
  if (program === undefined && /[/\\]/.test(word) && (await isThere(platform, path.resolve(cwd, word)))) {
    findings.push(...(await programFindings(platform, path.resolve(cwd, word), setting)));
    return { program, findings };
  }
  if (program === undefined) {
    const absent = path.isAbsolute(word) ? `${word} does not exist` : `${word} is found nowhere in PATH`;
    findings.push(
      error(
        "missing",
        absent,
        `Claude Code would run it for ${setting} and get nothing.`,
        "Correct the command, or install the program.",
      ),
    );
    return { program, findings };
  }
  if (!path.isAbsolute(word) && !absolute && !/[/\\]/.test(word))
    findings.push({
      severity: "info",
      code: "found-in-path",
      what: `${word} is found in PATH as ${program}`,
      why: "An editor that starts Claude Code may have another PATH.",
      remedy: `Write ${program} to be independent of it.`,
    });
  findings.push(...(await programFindings(platform, program, setting)));
  const script = scriptOf(path.basename(program), words.slice(1));
  if (script !== undefined && path.isAbsolute(script)) findings.push(...(await scriptFindings(platform, script, setting)));
  else if (script !== undefined && absolute)
    findings.push(
      error(
        "not-absolute",
        `${script} is relative to whatever folder Claude Code is started in`,
        "A cloned repository could hold a file of that name.",
        `Write ${path.resolve(cwd, script)} instead.`,
      ),
    );
  if (compound)
    findings.push({
      severity: "info",
      code: "compound",
      what: `only ${word}, the first command of the line, was checked`,
      why: "What follows it runs too.",
      remedy:
        os === "win32"
          ? "Put the line in a .cmd file of its own."
          : "Put the line in a script of its own, with an absolute path.",
    });
  return { program, findings };
}

async function isThere({ files }: Platform, path: string): Promise<boolean> {
  return (await files.facts(path).catch(() => undefined)) !== undefined;
}

export function verdictOf(findings: readonly Finding[]): CommandVerdict["verdict"] {
  const errors = findings.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return "works";
  return errors.every(({ wrapCures }) => wrapCures === true) ? "needs-wrap" : "refused";
}

/** The script that an interpreter is told to run. */
function scriptOf(program: string, args: readonly string[]): string | undefined {
  if (!INTERPRETER.test(program.toLowerCase())) return undefined;
  const first = args[0];
  return first === undefined || first.startsWith("-") ? undefined : first;
}

/** An interpreter reads its script, so that one need not be executable. */
async function scriptFindings(platform: Platform, script: string, setting: string): Promise<Finding[]> {
  const findings = await programFindings(platform, script, setting);
  return findings.filter(({ code }) => code !== "not-executable");
}

const flagOf = (setting: string): string => (setting === "awsAuthRefresh" ? "auth-refresh" : "credential-export");

function error(code: string, what: string, why: string, remedy: string): Finding {
  return { severity: "error", code, what, why, remedy };
}
