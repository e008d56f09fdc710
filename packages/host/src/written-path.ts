import type { Platform } from "@keyspring/core";

/** A path as people write it into a variable, absolute: `~` is the home folder, since no shell may have been there to fill it in. */
export function writtenPath({ home, cwd, path }: Pick<Platform, "home" | "cwd" | "path">, text: string): string {
  return path.resolve(cwd, /^~(?:[/\\]|$)/.test(text) ? path.join(home, text.slice(1)) : text);
}
