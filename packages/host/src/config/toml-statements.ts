/** A line of a TOML document that says something: a table's header, or a key with its value. Offsets are into the text. */
export interface TomlStatement {
  readonly kind: "table" | "array" | "key";
  /** From the root of the document; of a key, with the table that it stands in. */
  readonly path: readonly string[];
  /** The table that a key stands in; of a header, its own path. */
  readonly table: readonly string[];
  readonly start: number;
  /** After the line break that ends the statement. */
  readonly end: number;
  /** 1 for the first line. */
  readonly line: number;
}

/**
 * Where everything is in a document that a TOML parser has accepted: parsers tell what a document says, not where. Multi-line strings
 * and arrays are skipped as one; what is inside an inline table is not listed.
 */
export function tomlStatements(text: string): TomlStatement[] {
  const statements: TomlStatement[] = [];
  let table: readonly string[] = [];
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const start = at;
    const first = skip(text, at, " \t");
    const character = text[first];
    let end: number;
    if (character === undefined || character === "\n" || character === "\r" || character === "#") end = endOfLine(text, first);
    else if (character === "[") {
      const isArray = text[first + 1] === "[";
      table = keyPath(text, isArray ? first + 2 : first + 1).path;
      end = endOfLine(text, first);
      statements.push({ kind: isArray ? "array" : "table", path: table, table, start, end, line });
    } else {
      const key = keyPath(text, first);
      end = endOfValue(text, skip(text, key.end, " \t="));
      statements.push({ kind: "key", path: [...table, ...key.path], table, start, end, line });
    }
    line += text.slice(start, end).split("\n").length - 1;
    at = end;
  }
  return statements;
}

function skip(text: string, from: number, characters: string): number {
  let at = from;
  while (at < text.length && characters.includes(text[at]!)) at += 1;
  return at;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end + 1;
}

/** `a."b.c".'d'` → `["a", "b.c", "d"]` */
function keyPath(text: string, from: number): { path: string[]; end: number } {
  const path: string[] = [];
  let at = from;
  for (;;) {
    at = skip(text, at, " \t");
    const end = text[at] === '"' || text[at] === "'" ? endOfString(text, at) : skipBare(text, at);
    path.push(keyOf(text.slice(at, end)));
    at = skip(text, end, " \t");
    if (text[at] !== "." || end >= text.length) return { path, end: at };
    at += 1;
  }
}

function skipBare(text: string, from: number): number {
  let at = from;
  while (at < text.length && /[\w-]/.test(text[at]!)) at += 1;
  return at;
}

function keyOf(written: string): string {
  if (written.startsWith("'")) return written.slice(1, -1);
  if (!written.startsWith('"')) return written;
  try {
    return JSON.parse(written) as string;
  } catch {
    // An escape that JSON does not have (`\e`, `\U0001F600`).
    return written.slice(1, -1);
  }
}

/** After the closing quote of the string that begins at `from`. */
function endOfString(text: string, from: number): number {
  const quote = text[from]!;
  const long = quote.repeat(3);
  const delimiter = text.startsWith(long, from) ? long : quote;
  let at = from + delimiter.length;
  while (at < text.length && !text.startsWith(delimiter, at)) at += quote === '"' && text[at] === "\\" ? 2 : 1;
  at = Math.min(at + delimiter.length, text.length);
  // Up to two more quotes may belong to the end of a multi-line string.
  return delimiter === long ? skip(text, at, quote) : at;
}

/** After the line that the value beginning at `from` ends on. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const character = text[at]!;
    if (character === '"' || character === "'") at = endOfString(text, at);
    else if (character === "#") at = text.indexOf("\n", at) < 0 ? text.length : text.indexOf("\n", at);
    else if (character === "\n" && depth === 0) return at + 1;
    else {
      if (character === "[" || character === "{") depth += 1;
      if (character === "]" || character === "}") depth -= 1;
      at += 1;
    }
  }
  return text.length;
}
