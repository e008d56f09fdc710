/** What commands printed, with secrets shortened: a demo is what people paste into chats. */
export function masked(text: string): string {
  return text.replaceAll(/("(?:SecretAccessKey|SessionToken)":")([^"[]{4})[^"]*"/g, '$1$2…"');
}
