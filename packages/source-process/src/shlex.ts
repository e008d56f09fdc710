/**
 * The words of a command line as Python's `shlex.split` gives them, which is how botocore (AWS CLI, boto3) reads `credential_process` on
 * POSIX systems: quotes and backslashes, no comments, no expansion of any kind. `undefined` if a quote or escape does not end.
 *
 * Not npm's `shlex`: it also reads `$'…'` and unescapes single-quoted text when a double quote follows in the same word.
 * @see https://docs.python.org/3/library/shlex.html#parsing-rules
 */
export function shlexSplit(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at]!;
    if (" \t\r\n".includes(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === "\\") {
      at += 1;
      if (at >= line.length) return undefined;
      word = (word ?? "") + line[at]!;
    } else if (char === "'") {
      const end = line.indexOf("'", at + 1);
      if (end === -1) return undefined;
      word = (word ?? "") + line.slice(at + 1, end);
      at = end;
    } else if (char === '"') {
      const quoted = /"((?:[^"\\]|\\[^])*)"/y;
      quoted.lastIndex = at;
      const match = quoted.exec(line);
      if (match === null) return undefined;
      word = (word ?? "") + match[1]!.replaceAll(/\\(["\\])/g, "$1");
      at = quoted.lastIndex - 1;
    } else word = (word ?? "") + char;
  }
  if (word !== undefined) words.push(word);
  return words;
}
