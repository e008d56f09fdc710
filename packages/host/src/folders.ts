import type { Platform } from "@keyspring/core";
import { writtenPath } from "./written-path.ts";

/** Where this user's files are, absolute. */
export interface Folders {
  /** config.toml. */
  readonly config: string;
  /** Credentials, notes, log, backups. */
  readonly state: string;
  /** What does not survive a restart of the machine: sockets, tokens of running servers. */
  readonly runtime: string;
}

/**
 * The folders of this user. `KEYSPRING_CONFIG_DIR`, `KEYSPRING_STATE_DIR` and `KEYSPRING_RUNTIME_DIR` come first, then the XDG
 * base directories (https://specifications.freedesktop.org/basedir-spec, also on macOS), on Windows `%APPDATA%` and `%LOCALAPPDATA%`.
 */
export function folders(platform: Platform): Folders {
  const { env, path } = platform;
  const chosen = (name: string): string | undefined => {
    const value = env[name];
    return value === undefined || value === "" ? undefined : writtenPath(platform, value);
  };
  const state = chosen("KEYSPRING_STATE_DIR") ?? path.join(stateBase(platform), "keyspring");
  return {
    config: chosen("KEYSPRING_CONFIG_DIR") ?? path.join(configBase(platform), "keyspring"),
    state,
    runtime: chosen("KEYSPRING_RUNTIME_DIR") ?? runtimeFolder(platform, state),
  };
}

function configBase(platform: Platform): string {
  const { home, path } = platform;
  if (platform.os === "win32") return absolute(platform, "APPDATA") ?? path.join(home, "AppData", "Roaming");
  return absolute(platform, "XDG_CONFIG_HOME") ?? path.join(home, ".config");
}

function stateBase(platform: Platform): string {
  const { home, path } = platform;
  if (platform.os === "win32") return absolute(platform, "LOCALAPPDATA") ?? path.join(home, "AppData", "Local");
  return absolute(platform, "XDG_STATE_HOME") ?? path.join(home, ".local", "state");
}

function runtimeFolder(platform: Platform, state: string): string {
  const base = platform.os === "win32" ? undefined : absolute(platform, "XDG_RUNTIME_DIR");
  return base === undefined ? platform.path.join(state, "run") : platform.path.join(base, "keyspring");
}

/** The XDG specification tells to ignore relative paths. */
function absolute({ env, path }: Platform, name: string): string | undefined {
  const value = env[name];
  return value !== undefined && path.isAbsolute(value) ? value : undefined;
}
