import * as path from "node:path";
import { invalidConfiguration, type RunRequest } from "@keyspring/core";

export interface Spawnable {
  readonly program: string;
  readonly args: readonly string[];
  /** Windows: the arguments are already one command line. */
  readonly verbatim: boolean;
}

/** What to start for a request: the program itself, or the system's shell. */
export function spawnable(
  command: RunRequest["command"],
  os: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): Spawnable {
  if ("shell" in command)
    return os === "win32"
      ? throughCmd(command.shell, env)
      : { program: "/bin/sh", args: ["-c", command.shell], verbatim: false };
  const [program, ...args] = command;
  // Windows starts batch files through cmd.exe only, and Node refuses to do so by itself.
  if (os === "win32" && /\.(?:cmd|bat)$/i.test(program)) return throughCmd([program, ...args].map(quoted).join(" "), env);
  return { program, args, verbatim: false };
}

function throughCmd(line: string, env: Readonly<Record<string, string | undefined>>): Spawnable {
  const root = env["SystemRoot"] ?? env["SYSTEMROOT"] ?? "C:\\Windows";
  const program = env["ComSpec"] ?? env["COMSPEC"] ?? path.win32.join(root, "System32", "cmd.exe");
  return { program, args: ["/d", "/s", "/c", `"${line}"`], verbatim: true };
}

/** Inside double quotes cmd.exe still reads these, and no quoting stops it in a batch file's arguments. */
const UNQUOTABLE = /["%!\r\n]/;

function quoted(word: string): string {
  if (UNQUOTABLE.test(word))
    throw invalidConfiguration(
      'an argument of a batch file holds one of " % ! or a line break, which cmd.exe would interpret',
      "Start a program instead of a .cmd or .bat file, or pass the value another way.",
    );
  return `"${word}"`;
}
