import { readFileSync, readdirSync } from "node:fs";
import { childProcess } from "./builtin.ts";

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Ended, and waiting for its parent to notice. */
  readonly isZombie: boolean;
}

/** Every process there is. POSIX. */
export function processTable(): ProcessEntry[] {
  return process.platform === "linux" ? fromProc() : fromPs();
}

/** proc(5): after the name in parentheses come state, parent, group. */
function fromProc(): ProcessEntry[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const [state, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return [{ pid: Number(pid), parent: Number(parent), group: Number(group), isZombie: state === "Z" }];
    } catch {
      // It has ended in between.
      return [];
    }
  });
}

function fromPs(): ProcessEntry[] {
  const args = ["-A", "-o", "pid=,ppid=,pgid=,stat="];
  const { stdout } = childProcess().spawnSync("ps", args, { encoding: "utf8", timeout: 2000 });
  return [...(stdout ?? "").matchAll(/^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)/gm)].map(([, pid, parent, group, state]) => ({
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    isZombie: state!.startsWith("Z"),
  }));
}
