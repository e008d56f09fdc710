import type { TomlStatement } from "./toml-statements.ts";

export interface Organization {
  /** A built-in id, or the exact package name of a plugin. */
  readonly source: string;
  readonly description?: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly claude: ClaudeDefaults;
}

/** What `settings apply` writes into Claude Code's environment beside the credentials. */
export interface ClaudeDefaults {
  readonly region?: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Names an organization or, without one, a source. */
export interface ConfigProfile {
  readonly organization?: string;
  readonly source?: string;
  readonly description?: string;
  readonly region?: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** config.toml, checked. */
export interface Config {
  /** Where it is or would be, absolute. */
  readonly file: string;
  readonly defaultProfile?: string;
  readonly organizations: ReadonlyMap<string, Organization>;
  readonly profiles: ReadonlyMap<string, ConfigProfile>;
  /** The line of the key, or of the nearest table around it; `undefined` if it is not there. */
  readonly lineOf: (...path: string[]) => number | undefined;
}

/** Finds lines in a document. A path inside an inline table has the line of the table. */
export function lineFinder(statements: readonly TomlStatement[]): Config["lineOf"] {
  const lines = new Map<string, number>();
  // `[a.b]` and `a.b = 1` are also where `a` is said first.
  for (const { path, line } of statements)
    for (let length = path.length; length > 0; length -= 1) {
      const key = JSON.stringify(path.slice(0, length));
      if (!lines.has(key)) lines.set(key, line);
    }
  return (...path) => {
    for (let length = path.length; length > 0; length -= 1) {
      const line = lines.get(JSON.stringify(path.slice(0, length)));
      if (line !== undefined) return line;
    }
    return undefined;
  };
}
