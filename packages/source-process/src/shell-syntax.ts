/** Words that only a shell knows as the first one of a command. */
const SHELL_WORD =
  /^(?:\.|:|!|\{|\[\[|alias|builtin|case|cd|command|eval|exec|exit|export|for|function|if|readonly|return|select|set|shift|source|time|trap|type|ulimit|umask|unset|until|wait|while)$/;

/**
 * What in a command line a POSIX shell would do more with than divide it into words, as it stands there and without repetition. Nothing
 * found: with a shell and without one the same program gets the same arguments.
 */
export function posixShellSyntax(line: string): string[] {
  const found = new Set<string>();
  const first = /^\s*([^\s'"\\;&|<>()]+)/.exec(line)?.[1];
  if (first !== undefined && /^[A-Za-z_]\w*=/.test(first)) found.add("NAME=value");
  if (first !== undefined && SHELL_WORD.test(first)) found.add(first);
  let quote: "'" | '"' | undefined;
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at]!;
    const next = line[at + 1] ?? "";
    const startsWord = at === 0 || /[\s;&|<>()]/.test(line[at - 1]!);
    if (quote === "'") {
      if (char === "'") quote = undefined;
    } else if (char === "\\") {
      // Within double quotes, shlex keeps the backslash before these; a line's end is joined by shells only.
      if (next === "\n" || (quote === '"' && "$`".includes(next))) found.add("\\");
      at += 1;
    } else if (char === "$" && /[\w{(@*#?$!'"-]/.test(next) && !(quote === '"' && /['"]/.test(next))) {
      found.add(/[A-Za-z_{]/.test(next) ? "$VARIABLE" : `$${next}`);
    } else if (char === "`") found.add("`");
    else if (char === '"') quote = quote === undefined ? '"' : undefined;
    else if (quote === undefined) {
      if (char === "'") quote = "'";
      else if (/[;&|<>()*?[]/.test(char) || (startsWord && /[~#]/.test(char))) found.add(char);
      else if (char === "\n" && line.slice(at).trim() !== "") found.add("line break");
      else if (char === "{" && /^\{[^\s{}]*(?:,|\.\.)[^\s{}]*\}/.test(line.slice(at, at + 256))) found.add("{…}");
    }
  }
  return [...found];
}

/** The same for cmd.exe. */
export function windowsShellSyntax(line: string): string[] {
  const found = new Set<string>();
  let quoted = false;
  for (const [at, char] of Array.from(line).entries()) {
    if (char === '"') quoted = !quoted;
    else if (!quoted && /[&|<>^()]/.test(char)) found.add(char);
    else if (char === "%" && /^%[^%\s]+%/.test(line.slice(at, at + 256))) found.add("%VARIABLE%");
  }
  return [...found];
}
