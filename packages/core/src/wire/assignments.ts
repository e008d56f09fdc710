import { readWord, type Dialect, type Word } from "./words.ts";

export interface Assignment {
  /** In capitals where the shell does not tell the case apart. */
  readonly name: string;
  readonly value: string;
  /** Why the value cannot be taken as it stands: `rest` is more text on the line that would belong to it. */
  readonly trouble: Word["trouble"] | "rest";
}

const NAME = String.raw`[A-Za-z_]\w*`;
const POWERSHELL = new RegExp(String.raw`\s*\$(?:\{env:(${NAME})\}|env:(${NAME}))\s*=\s*`, "iy");
const QUOTED_CMD = new RegExp(String.raw`\s*@?set\s+"(${NAME})=([^"]*)(")?`, "iy");
const CMD = new RegExp(String.raw`\s*@?set\s+(${NAME})=`, "iy");
const FISH = new RegExp(String.raw`\s*set(?:\s+-[-\w]+)*\s+(${NAME})[ \t]+(?!=)`, "y");
const CSH = new RegExp(String.raw`\s*(?:setenv|setx)\s+(${NAME})[ \t]+(?!=)`, "y");
const KEYWORD = /\s*(?:export|declare|typeset|local|env)(?:\s+-[-\w]+)*\s+(?!=)/y;
const POSIX = new RegExp(String.raw`\s*(${NAME})=`, "y");

/**
 * The assignments of one line of shell text, whichever shell it is for: `export A=b C=d`, `A=b`, `set A=b`, `set "A=b"`,
 * `$Env:A = "b"`, `set -gx A b`, `setenv A b`; several commands on a line are separated by `;`, `&` or `&&`. Other commands and comments
 * give nothing.
 */
export function assignmentsOf(line: string): Assignment[] {
  const found: Assignment[] = [];
  let at = 0;
  while (at < line.length) {
    const next = commandAt(line, at, found);
    at = separatorFrom(line, next);
  }
  return found;
}

/** Reads one command; gives where it stopped. */
function commandAt(line: string, start: number, found: Assignment[]): number {
  const matchAt = (pattern: RegExp, at: number): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(line) ?? undefined;
  };
  const take = (name: string, at: number, dialect: Dialect): Word => {
    const word = readWord(line, at, dialect);
    found.push({ name, value: word.text, trouble: word.trouble });
    return word;
  };
  /** For commands that set one variable to all that follows. */
  const takeAlone = (name: string, at: number, dialect: Dialect): number => {
    const { text: value, end, trouble } = readWord(line, at, dialect);
    const alone = /^\s*(?:[;&|#]|$)/.test(line.slice(end));
    found.push({ name, value, trouble: trouble ?? (alone ? undefined : "rest") });
    return end;
  };

  const powershell = matchAt(POWERSHELL, start);
  if (powershell !== undefined)
    return takeAlone((powershell[1] ?? powershell[2]!).toUpperCase(), start + powershell[0].length, "powershell");
  const quotedCmd = matchAt(QUOTED_CMD, start);
  if (quotedCmd !== undefined) return takeQuotedCmd(quotedCmd, found);
  const cmd = matchAt(CMD, start);
  if (cmd !== undefined) return takeAlone(cmd[1]!.toUpperCase(), start + cmd[0].length, "cmd");
  const fish = matchAt(FISH, start);
  if (fish !== undefined) return takeAlone(fish[1]!, start + fish[0].length, "fish");
  const csh = matchAt(CSH, start);
  if (csh !== undefined) return takeAlone(csh[1]!, start + csh[0].length, "posix");

  let at = start + (matchAt(KEYWORD, start)?.[0].length ?? 0);
  for (let posix = matchAt(POSIX, at); posix !== undefined; posix = matchAt(POSIX, at))
    at = take(posix[1]!, at + posix[0].length, "posix").end;
  return at;
}

/** `set "A=b"`: all between the first quote and the last is literal but for `%A%`. */
function takeQuotedCmd(match: RegExpExecArray, found: Assignment[]): number {
  const [whole, name, value = "", close] = match;
  const trouble = close === undefined ? "unterminated" : /%[^%\s]+%|![^!\s]+!/.test(value) ? "evaluation" : undefined;
  found.push({ name: name!.toUpperCase(), value, trouble });
  return match.index + whole.length;
}

/** Past the next `;`, `&` or `|` that is in no quotes and no comment, or the line's end. */
function separatorFrom(line: string, start: number): number {
  for (let at = start; at < line.length;) {
    if (/[;&|]/.test(line[at]!)) return /^[;&|]+/.exec(line.slice(at, at + 2))![0].length + at;
    if (line[at] === "#" && (at === 0 || /\s/.test(line[at - 1]!))) return line.length;
    at = /\s/.test(line[at]!) ? at + 1 : Math.max(at + 1, readWord(line, at, "posix").end);
  }
  return line.length;
}
