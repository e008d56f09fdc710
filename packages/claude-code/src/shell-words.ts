import type { Platform } from "@keyspring/core";
import { parse } from "shell-quote";

export interface FirstCommand {
  /** Program and arguments of the first simple command, quotes and variables resolved; empty if the line begins otherwise. */
  readonly words: readonly string[];
  /** True if more than one simple command stands there (`;`, `&&`, `|`, `>` …). */
  readonly compound: boolean;
}

/** What the shell that Claude Code calls would start first. Nothing is run or substituted but variables and `~`. */
export function firstCommand(platform: Platform, line: string): FirstCommand {
  return platform.os === "win32" ? firstOfCmd(line) : firstOfSh(platform, line);
}

function firstOfSh({ env, home }: Platform, line: string): FirstCommand {
  const parsed = parse(line.trim(), (name) => env[name] ?? "");
  const operator = parsed.findIndex((part) => typeof part !== "string" && !("pattern" in part));
  const simple = operator === -1 ? parsed : parsed.slice(0, operator);
  const words = simple.map((part) => (typeof part === "string" ? part : "pattern" in part ? part.pattern : ""));
  while (words[0] !== undefined && (/^[A-Za-z_]\w*=/.test(words[0]) || words[0] === "exec")) words.shift();
  return { words: words.map((word) => word.replace(/^~(?=\/|$)/, home)), compound: operator !== -1 };
}

function firstOfCmd(line: string): FirstCommand {
  const words = [...line.trim().matchAll(/"([^"]*)"|([^\s"&|<>]+)|([&|<>])/g)];
  const operator = words.findIndex(([, , , sign]) => sign !== undefined);
  const simple = operator === -1 ? words : words.slice(0, operator);
  return { words: simple.map(([, quoted, plain]) => quoted ?? plain ?? ""), compound: operator !== -1 };
}
