/**
 * The words of a command line as botocore reads `credential_process` on Windows: only blanks and tabs divide, only `"` quotes, a
 * backslash is literal unless its run stands before a `"` (2n of them are n, and the quote quotes; 2n + 1 are n, and the quote is
 * literal). `undefined` if a quote does not end.
 * @see https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments
 */
export function windowsSplit(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quoted = false;
  for (const [piece, backslashes, mark] of line.matchAll(/(\\*)("|[ \t]|$)|\\+|[^\\" \t]+/g)) {
    if (backslashes === undefined) word = (word ?? "") + piece;
    else if (mark === '"') {
      word = (word ?? "") + "\\".repeat(Math.floor(backslashes.length / 2));
      if (backslashes.length % 2 === 1) word += '"';
      else quoted = !quoted;
    } else {
      if (backslashes !== "" || quoted) word = (word ?? "") + backslashes + (quoted ? mark : "");
      if (!quoted && word !== undefined) {
        words.push(word);
        word = undefined;
      }
    }
  }
  return quoted ? undefined : words;
}
