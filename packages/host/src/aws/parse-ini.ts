/**
 * AWS's own dialect of INI, read so that a file which works with the SDKs works here. Where SDKs differ, a warning says so.
 * Compared: @smithy/shared-ini-file-loader's parseIni, and botocore's RawConfigParser.
 */
export interface IniSection {
  /** What stands between the brackets, trimmed. */
  readonly title: string;
  readonly line: number;
  readonly entries: ReadonlyMap<string, IniEntry>;
}

export interface IniEntry {
  readonly value: string;
  readonly line: number;
  /** Keys indented below a key without a value (`s3 =`). */
  readonly nested?: ReadonlyMap<string, string>;
}

export interface IniWarning {
  readonly line: number;
  readonly message: string;
}

export interface IniDocument {
  readonly sections: readonly IniSection[];
  readonly warnings: readonly IniWarning[];
}

interface Open {
  title: string;
  line: number;
  entries: Map<string, { value: string; line: number; nested?: Map<string, string> }>;
}

export function parseIni(text: string): IniDocument {
  const sections: Open[] = [];
  const warnings: IniWarning[] = [];
  let section: Open | undefined;
  let last: { value: string; line: number; nested?: Map<string, string> } | undefined;
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  for (const [index, raw] of lines.entries()) {
    const line = index + 1;
    const warn = (message: string): void => void warnings.push({ line, message });
    const trimmed = raw.trim();
    if (trimmed === "" || trimmed.startsWith("#") || trimmed.startsWith(";")) continue;
    if (trimmed.startsWith("[")) {
      const title = /^\[([^\]]*)\]\s*(?:[#;].*)?$/.exec(trimmed)?.[1]?.trim();
      if (title === undefined) warn("a section's header has no end; it was ignored");
      section = title === undefined ? undefined : { title, line, entries: new Map() };
      if (section !== undefined) sections.push(section);
      last = undefined;
      continue;
    }
    if (section === undefined) {
      warn("this stands in no section and was ignored");
      continue;
    }
    const isIndented = /^[ \t]/.test(raw);
    const equals = trimmed.indexOf("=");
    if (equals <= 0) {
      warn(
        isIndented && last !== undefined
          ? "a value that goes on in a second line: boto3 joins it, other SDKs drop it"
          : "this is no `key = value`; it was ignored",
      );
      continue;
    }
    const key = trimmed.slice(0, equals).trim();
    const { value, comment } = withoutComment(trimmed.slice(equals + 1).trim());
    if (isIndented && last?.value === "") {
      last.nested ??= new Map();
      last.nested.set(key, value);
      continue;
    }
    if (isIndented && last !== undefined) warn(`${key} is indented: boto3 takes it for a part of the key above`);
    const name = key.toLowerCase();
    if (name !== key) warn(`${key} is not in lower case: boto3 reads it, other SDKs do not`);
    if (section.entries.has(name))
      warn(`${name} stands here twice: boto3 refuses the whole file, other SDKs take the last one`);
    if (comment !== undefined) warn(COMMENTS[comment](name));
    last = { value, line };
    section.entries.set(name, last);
  }
  return { sections, warnings };
}

const COMMENTS = {
  cut: (key: string) =>
    `${key} is followed by a comment: boto3 and the AWS CLI take it as part of the value, other SDKs do not`,
  kept: (key: string) => `${key} has " #" or " ;" within quotes: the JavaScript SDK, and so Claude Code, cuts the value there`,
} as const;

/**
 * A `#` or `;` after a space begins a comment, as in most SDKs; but not within quotes, where only a command can have meant it as it is.
 * (The JavaScript SDK cuts there too.)
 */
function withoutComment(text: string): { value: string; comment?: "cut" | "kept" } {
  let quote = "";
  let kept = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    const begins = (character === "#" || character === ";") && (at === 0 || /\s/.test(text[at - 1]!));
    if (begins && quote === "") return { value: text.slice(0, at).trimEnd(), comment: "cut" };
    if (begins) kept = true;
    if (character === quote) quote = "";
    // A quote that nothing closes is an apostrophe.
    else if (quote === "" && (character === '"' || character === "'") && text.includes(character, at + 1)) quote = character;
  }
  return kept ? { value: text, comment: "kept" } : { value: text };
}
