import { readFileSync, readdirSync } from "node:fs";
import { childProcess } from "./builtin.ts";

/** How long a process may take to end after it was asked. */
export const POLITE = 2000;
const GLANCE = 10;

/** A child with everything that it started. */
export interface ProcessTree {
  /** Asks everything to end, and ends what has not after two seconds. Resolves when nothing is left, or nothing can be done. */
  end(): Promise<void>;
  /** Ends everything now, without a chance to say goodbye. For a process that is ending itself. */
  kill(): void;
}

/** A child that leads a group of its own (`detached`): the group is what is ended. POSIX. */
export function processGroup(leader: number): ProcessTree {
  const send = (signal: NodeJS.Signals | 0): boolean => tryToKill(-leader, signal);
  return {
    end: () =>
      endPolitely(
        () => send("SIGTERM"),
        () => send("SIGKILL"),
        () => send(0),
      ),
    kill: () => void send("SIGKILL"),
  };
}

/** A child in this process's own group, because it shares the terminal: its descendants are looked for. POSIX. */
export function descendants(root: number): ProcessTree {
  return {
    async end() {
      const family = [root, ...descendantsOf(root)];
      await endPolitely(
        () => sendTo(family, "SIGTERM"),
        () => sendTo(family, "SIGKILL"),
        () => sendTo(family, 0),
      );
    },
    kill: () => void sendTo([root, ...descendantsOf(root)], "SIGKILL"),
  };
}

/** Windows has no groups and no polite way for console programs: `taskkill` ends the tree. */
export function windowsTree(root: number): ProcessTree {
  const args = ["/pid", String(root), "/t", "/f"];
  return {
    end: () =>
      new Promise((resolve) => {
        childProcess().execFile("taskkill", args, { windowsHide: true, timeout: POLITE }, () => resolve());
      }),
    kill() {
      childProcess().spawnSync("taskkill", args, { windowsHide: true, timeout: POLITE, stdio: "ignore" });
    },
  };
}

function sendTo(pids: readonly number[], signal: NodeJS.Signals | 0): boolean {
  return pids.filter((pid) => tryToKill(pid, signal)).length > 0;
}

async function endPolitely(ask: () => boolean, force: () => boolean, lives: () => boolean): Promise<void> {
  if (!ask()) return;
  for (let waited = 0; waited < POLITE; waited += GLANCE) {
    if (!lives()) return;
    await new Promise((resolve) => setTimeout(resolve, GLANCE));
  }
  force();
}

function tryToKill(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch {
    // ESRCH: nobody is left. EPERM: only those are left that may not be ended, or (macOS) zombies.
    return false;
  }
}

function descendantsOf(root: number): number[] {
  const parents = process.platform === "linux" ? parentsFromProc() : parentsFromPs();
  const found: number[] = [root];
  for (const pid of found) for (const [child, parent] of parents) if (parent === pid) found.push(child);
  return found.slice(1);
}

function parentsFromProc(): [pid: number, parent: number][] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      return [[Number(pid), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1])]];
    } catch {
      return [];
    }
  });
}

function parentsFromPs(): [pid: number, parent: number][] {
  const { stdout } = childProcess().spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8", timeout: POLITE });
  return [...(stdout ?? "").matchAll(/^\s*(\d+)\s+(\d+)\s*$/gm)].map(([, pid, parent]) => [Number(pid), Number(parent)]);
}
