/**
 * Reads one word of a shell's input as that shell would, and evaluates nothing: where the shell would run or substitute something, the
 * word says so instead.
 */
export type Dialect = "posix" | "fish" | "powershell" | "cmd";

export interface Word {
  readonly text: string;
  /** Where the word ends in the line. */
  readonly end: number;
  /** What the shell would have evaluated in it (`$VAR`, `$(…)`, backticks), or a quote that never ends. */
  readonly trouble: "evaluation" | "unterminated" | undefined;
}

/** The word that begins at `start`; it ends before white space, `;`, `&`, `|` or the line's end. */
export function readWord(line: string, start: number, dialect: Dialect): Word {
  const reader = new Reader(line, start, dialect);
  return reader.word();
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  e: "\u001b",
  E: "\u001b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};
const ANSI_C_ESCAPE = /\\(?:x([\dA-Fa-f]{1,2})|u([\dA-Fa-f]{1,4})|([0-7]{1,3})|([^xu0-7]))/y;

class Reader {
  private out = "";
  private trouble: Word["trouble"];
  private readonly line: string;
  private at: number;
  private readonly dialect: Dialect;

  constructor(line: string, start: number, dialect: Dialect) {
    this.line = line;
    this.at = start;
    this.dialect = dialect;
  }

  word(): Word {
    while (this.at < this.line.length && !/[\s;&|]/.test(this.line[this.at]!)) this.piece();
    return { text: this.out, end: this.at, trouble: this.trouble };
  }

  private piece(): void {
    const char = this.line[this.at]!;
    const ansiC = this.dialect === "posix" && this.line.startsWith("$'", this.at);
    const localized = this.dialect === "posix" && this.line.startsWith('$"', this.at);
    if (ansiC) this.ansiC();
    else if (localized || char === '"') this.double(localized ? this.at + 2 : this.at + 1);
    else if (char === "'" && this.dialect !== "cmd") this.single();
    else if (char === this.escape()) this.escaped();
    else this.plain(char);
  }

  private escape(): string {
    if (this.dialect === "powershell") return "`";
    return this.dialect === "cmd" ? "^" : "\\";
  }

  private plain(char: string): void {
    const substitutes = char === "(" && this.dialect !== "cmd";
    if (substitutes || this.evaluates()) this.trouble ??= "evaluation";
    this.out += char;
    this.at += 1;
  }

  private escaped(): void {
    this.out += this.line[this.at + 1] ?? "";
    this.at += 2;
  }

  private single(): void {
    const end = (from: number): number => this.line.indexOf("'", from);
    let close = end(this.at + 1);
    let text = this.line.slice(this.at + 1, close === -1 ? undefined : close);
    if (this.dialect === "powershell")
      while (close !== -1 && this.line[close + 1] === "'") {
        const next = end(close + 2);
        text += `'${this.line.slice(close + 2, next === -1 ? undefined : next)}`;
        close = next;
      }
    if (this.dialect === "fish") {
      text = "";
      for (close = this.at + 1; close < this.line.length && this.line[close] !== "'"; close += 1) {
        if (this.line[close] === "\\" && /[\\']/.test(this.line[close + 1] ?? "")) close += 1;
        text += this.line[close]!;
      }
      if (close >= this.line.length) close = -1;
    }
    this.out += text;
    this.close(close);
  }

  private double(from: number): void {
    this.at = from;
    for (; this.at < this.line.length; this.at += 1) {
      const char = this.line[this.at]!;
      if (char === '"') {
        if (this.dialect !== "powershell" || this.line[this.at + 1] !== '"') return void (this.at += 1);
        this.at += 1;
      } else if (char === this.escape() && this.escapesInDouble(this.line[this.at + 1])) {
        this.at += 1;
      } else if (this.evaluates()) this.trouble ??= "evaluation";
      this.out += this.line[this.at] ?? "";
    }
    this.trouble ??= "unterminated";
  }

  private escapesInDouble(next: string | undefined): boolean {
    if (this.dialect === "powershell") return true;
    return this.dialect !== "cmd" && next !== undefined && '\\"$`'.includes(next);
  }

  private ansiC(): void {
    for (this.at += 2; this.at < this.line.length && this.line[this.at] !== "'";) {
      ANSI_C_ESCAPE.lastIndex = this.at;
      const escape = ANSI_C_ESCAPE.exec(this.line);
      if (escape === null) {
        this.out += this.line[this.at]!;
        this.at += 1;
      } else {
        const [whole, hex, unicode, octal, char = ""] = escape;
        const code = hex ?? unicode;
        if (code !== undefined) this.out += String.fromCharCode(Number.parseInt(code, 16));
        else if (octal !== undefined) this.out += String.fromCharCode(Number.parseInt(octal, 8) % 256);
        else this.out += SIMPLE_ESCAPES[char] ?? (`\\'"?`.includes(char) ? char : `\\${char}`);
        this.at += whole.length;
      }
    }
    this.close(this.at < this.line.length ? this.at : -1);
  }

  private close(quote: number): void {
    if (quote === -1) this.trouble ??= "unterminated";
    this.at = quote === -1 ? this.line.length : quote + 1;
  }

  /** Whether the shell would substitute something here. */
  private evaluates(): boolean {
    const rest = this.line.slice(this.at, this.at + 64);
    if (this.dialect === "cmd") return /^%[^%\s]+%|^![^!\s]+!/.test(rest);
    if (this.dialect === "powershell") return /^\$[\w{(:?$^]/.test(rest);
    if (this.dialect === "fish") return /^\$[\w(]/.test(rest);
    return /^\$[\w{(@*#?$!-]/.test(rest) || rest.startsWith("`");
  }
}
