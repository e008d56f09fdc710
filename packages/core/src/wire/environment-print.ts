import { CredentialError } from "../errors.ts";
import type { Variables } from "./environment.ts";

export const ENVIRONMENT_FORMATS = ["sh", "fish", "powershell", "cmd", "dotenv", "json"] as const;
export type EnvironmentFormat = (typeof ENVIRONMENT_FORMATS)[number];

interface Syntax {
  set(name: string, value: string): string;
  unset(name: string): string;
  /** Characters that no quoting makes safe everywhere this syntax is read. */
  readonly refuses?: RegExp;
}

const SYNTAX: Record<Exclude<EnvironmentFormat, "json">, Syntax> = {
  sh: { set: (name, value) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`, unset: (name) => `unset ${name}` },
  fish: {
    set: (name, value) => `set -gx ${name} '${value.replaceAll(/[\\']/g, String.raw`\$&`)}'`,
    unset: (name) => `set -e ${name}`,
  },
  powershell: {
    // PowerShell takes typographic quotes for quotes.
    set: (name, value) => `$Env:${name} = '${value.replaceAll(/['\u2018-\u201b]/g, "$&$&")}'`,
    unset: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`,
  },
  cmd: {
    set: (name, value) => `set "${name}=${value}"`,
    unset: (name) => `set "${name}="`,
    // `%` is doubled in a batch file but not at the prompt, `!` depends on a switch, `"` cannot be escaped.
    refuses: /["%!]/,
  },
  dotenv: {
    // Unquoted where every reader agrees; docker's --env-file would keep the quotes.
    set: (name, value) => (/^[\w./+=:@,-]*$/.test(value) ? `${name}=${value}` : `${name}='${value}'`),
    unset: (name) => `${name}=`,
    refuses: /['\\]/,
  },
};

/**
 * Variables as text for a shell or tool to read, one per line, no line end after the last. Values arrive in it byte for byte.
 * @param unset names to remove, printed first; JSON gives them as `null`
 * @throws CredentialError USAGE for a value that the format cannot carry safely (control characters; `"`, `%`, `!` in cmd; `'`, `\` in dotenv)
 */
export function printEnvironment(variables: Variables, format: EnvironmentFormat, unset: readonly string[] = []): string {
  if (format === "json") return JSON.stringify({ ...Object.fromEntries(unset.map((name) => [name, null])), ...variables });
  const syntax = SYNTAX[format];
  const removed = unset.filter((name) => !(name in variables)).map((name) => syntax.unset(checkedName(name)));
  const set = Object.entries(variables).map(([name, value]) => {
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    if (/[\u0000-\u001f\u007f]/.test(value) || syntax.refuses?.test(value) === true) throw unprintable(name, format);
    return syntax.set(checkedName(name), value);
  });
  return [...removed, ...set].join("\n");
}

function checkedName(name: string): string {
  if (/^[A-Za-z_]\w*$/.test(name)) return name;
  throw new CredentialError("USAGE", "a variable's name may hold letters, digits and _ only", {
    remedy: "Choose another name.",
  });
}

function unprintable(name: string, format: EnvironmentFormat): CredentialError {
  const message = `the value of ${checkedName(name)} holds a character that ${format} syntax cannot carry safely`;
  return new CredentialError("USAGE", message, { remedy: "Use another format, e.g. --format json." });
}
