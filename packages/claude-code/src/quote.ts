import { invalidConfiguration, shellWord, type Platform } from "@keyspring/core";

/** A command line for the shell that Claude Code gives commands to: `/bin/sh -c`, on Windows `cmd.exe /d /s /c`. */
export function commandLine(os: Platform["os"], argv: readonly string[]): string {
  return argv.map(os === "win32" ? quoteForCmd : shellWord).join(" ");
}

/** Within double quotes cmd.exe still expands `%NAME%` and programs still end the word at `"`: neither can be quoted away. */
function quoteForCmd(word: string): string {
  if (/["%\r\n]/.test(word))
    throw invalidConfiguration(
      `\`${word}\` holds a character that cmd.exe cannot pass on`,
      'Use a name without ", % and line breaks.',
    );
  return /^[\w@+=:./\\-]+$/.test(word) ? word : `"${word.replace(/(\\+)$/, "$1$1")}"`;
}
