/** A path or name as a POSIX shell reads it back, for commands in remedies. */
export function shellWord(text: string): string {
  return /^[\w@+.%:/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
