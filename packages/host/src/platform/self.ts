import { realpathSync } from "node:fs";
import * as path from "node:path";
import type { SelfProcess } from "@keyspring/core";

/** This process. What takes a look at the disk is found out when it is asked for. */
export function selfProcess(script: string | undefined): SelfProcess {
  let execPath: string | undefined;
  return {
    pid: process.pid,
    parentPid: process.ppid,
    script: path.resolve(script ?? process.argv[1] ?? process.execPath),
    get execPath() {
      execPath ??= asFound(process.argv0, process.execPath, process.env["PATH"]);
      return execPath;
    },
  };
}

/** The interpreter's path before links: `/usr/local/bin/node` will still be there after an update, what it leads to may not. */
function asFound(typed: string, resolved: string, searchPath: string | undefined): string {
  const candidates = path.isAbsolute(typed)
    ? [typed]
    : (searchPath ?? "")
        .split(path.delimiter)
        .filter((folder) => path.isAbsolute(folder))
        .map((folder) => path.join(folder, path.basename(typed)));
  return candidates.find((candidate) => leadsTo(candidate, resolved)) ?? resolved;
}

function leadsTo(candidate: string, resolved: string): boolean {
  try {
    return realpathSync(candidate) === realpathSync(resolved);
  } catch {
    return false;
  }
}
