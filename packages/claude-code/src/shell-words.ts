import type { Platform } from "@keyspring/core";
import { parse } from "shell-quote";

export interface FirstCommand {
  /** Program and arguments of the first command that is a program's, quotes and variables resolved; empty if there is none. */
  readonly words: readonly string[];
  /** True if more than one simple command stands there (`;`, `&&`, `|`, `>` …). */
  readonly compound: boolean;
}

/** What the shell that Claude Code calls would start first. Nothing is run or substituted but variables and `~`. */
export function firstCommand(platform: Platform, line: string): FirstCommand {
  return platform.os === "win32" ? firstOfCmd(line) : firstOfSh(platform, line);
}

/** What a shell says to itself before the program's turn comes. */
const PREPARATION = /^(?:trap|set|umask|export|unset|:|true)$/;

function firstOfSh({ env, home }: Platform, line: string): FirstCommand {
  let rest = parse(line.trim(), (name) => env[name] ?? "");
  for (;;) {
    const end = rest.findIndex((part) => typeof part !== "string" && !("pattern" in part));
    const words = rest
      .slice(0, end === -1 ? undefined : end)
      .map((part) => (typeof part === "string" ? part : "pattern" in part ? part.pattern : ""))
      .map((word) => word.replace(/^~(?=\/|$)/, home));
    const operator = rest[end];
    const goesOn = typeof operator === "object" && "op" in operator && /^(?:;|&&)$/.test(operator.op);
    if (goesOn && PREPARATION.test(words[0] ?? "")) rest = rest.slice(end + 1);
    else return { words: withoutPrefix(words), compound: end !== -1 };
  }
}

/** Without assignments and `exec` in front of the program. */
function withoutPrefix(words: readonly string[]): readonly string[] {
  const start = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word) && word !== "exec");
  return start === -1 ? [] : words.slice(start);
}

function firstOfCmd(line: string): FirstCommand {
  const words = [...line.trim().matchAll(/"([^"]*)"|([^\s"&|<>]+)|([&|<>])/g)];
  const operator = words.findIndex(([, , , sign]) => sign !== undefined);
  const simple = operator === -1 ? words : words.slice(0, operator);
  return { words: simple.map(([, quoted, plain]) => quoted ?? plain ?? ""), compound: operator !== -1 };
}
