import type { Platform } from "@keyspring/core";

/** Opens the person's browser, where there is one to open: not over SSH, not in CI, not without a display. */
export async function openInBrowser(platform: Platform, url: string): Promise<boolean> {
  if (!hasBrowser(platform)) return false;
  const { default: open } = await import("open");
  try {
    const child = await open(url);
    child.unref();
    return true;
  } catch {
    return false;
  }
}

/** Whether a browser window would appear before the person who asked. */
export function hasBrowser({ os, env }: Pick<Platform, "os" | "env">): boolean {
  const set = (name: string): boolean => (env[name] ?? "") !== "";
  if (set("SSH_CONNECTION") || set("SSH_TTY") || set("CI") || set("KEYSPRING_NO_BROWSER")) return false;
  if (os !== "linux") return true;
  return set("DISPLAY") || set("WAYLAND_DISPLAY") || set("WSL_DISTRO_NAME");
}
