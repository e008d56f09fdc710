import { homedir, userInfo } from "node:os";
import * as path from "node:path";
import type { Platform } from "@keyspring/core";
import { crypto } from "./builtin.ts";
import { systemClock } from "./clock.ts";
import { systemFiles } from "./files.ts";
import { systemHttp } from "./http.ts";
import { systemLocks } from "./locks.ts";
import { systemProcesses } from "./processes.ts";
import { selfProcess } from "./self.ts";

export interface NodePlatformOptions {
  /** What to call to run this program again, if it is not the script that Node was started with. */
  readonly script?: string;
}

/** The real machine, as Node 20.19 and later show it. Nothing heavy is loaded before it is used. */
export function nodePlatform(options: NodePlatformOptions = {}): Platform {
  const env = process.env;
  const os = process.platform === "win32" || process.platform === "darwin" ? process.platform : "linux";
  return {
    os,
    env,
    home: homeFolder(),
    cwd: currentFolder(),
    user: { uid: process.getuid?.(), name: userName(env) },
    self: selfProcess(options.script),
    path,
    clock: systemClock,
    files: systemFiles,
    locks: systemLocks,
    processes: systemProcesses,
    http: systemHttp(env),
    random: (bytes) => new Uint8Array(crypto().randomBytes(bytes)),
    digest: (algorithm, text) => crypto().createHash(algorithm).update(text, "utf8").digest("hex"),
  };
}

/** Containers run as users that no database knows and without HOME: then the root folder, where writing fails with a reason. */
function homeFolder(): string {
  try {
    return homedir() || path.parse(process.execPath).root;
  } catch {
    return path.parse(process.execPath).root;
  }
}

/** The folder may have been removed under us. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return homeFolder();
  }
}

function userName(env: Readonly<Record<string, string | undefined>>): string {
  const named = env["USER"] ?? env["LOGNAME"] ?? env["USERNAME"];
  if (named !== undefined && named !== "") return named;
  try {
    return userInfo().username;
  } catch {
    return `${process.getuid?.() ?? "unknown"}`;
  }
}
