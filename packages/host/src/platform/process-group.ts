import { childProcess } from "./builtin.ts";
import { processTable } from "./process-table.ts";

/** How long a process may take to end after it was asked. */
const POLITE = 2000;
/** Between looks at whether it has; longer each time. */
const FIRST_GLANCE = 10;
const LONGEST_GLANCE = 100;

/** A child with everything that it started. */
export interface ProcessTree {
  /** Asks everything to end, and ends what has not after two seconds. Resolves when nothing is left, or nothing can be done. */
  end(): Promise<void>;
  /** Ends everything now, without a chance to say goodbye. For a process that is ending itself. */
  kill(): void;
}

/** A child that leads a group of its own (`detached`): the group is what is ended. POSIX. */
export function processGroup(leader: number): ProcessTree {
  const group = [-leader];
  return {
    end: () => endPolitely(group, () => processTable().some((entry) => entry.group === leader && !entry.isZombie)),
    kill: () => void send(group, "SIGKILL"),
  };
}

/** A child in this process's own group, because it shares the terminal: its descendants are looked for. POSIX. */
export function descendants(root: number): ProcessTree {
  return {
    end: () => {
      const family = familyOf(root);
      return endPolitely(family, () => processTable().some((entry) => family.includes(entry.pid) && !entry.isZombie));
    },
    kill: () => void send(familyOf(root), "SIGKILL"),
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

/** @param lives whether anything is left that has not ended; asked only while the system still finds the targets */
async function endPolitely(targets: readonly number[], lives: () => boolean): Promise<void> {
  if (!send(targets, "SIGTERM")) return;
  for (
    let waited = 0, glance = FIRST_GLANCE;
    waited < POLITE;
    waited += glance, glance = Math.min(glance * 2, LONGEST_GLANCE)
  ) {
    // Zombies are still found: whoever adopted them may take its time to notice.
    if (!send(targets, 0) || !lives()) return;
    const pause = glance;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  send(targets, "SIGKILL");
}

/** Whether any of them was there. A negative number is a group. */
function send(targets: readonly number[], signal: NodeJS.Signals | 0): boolean {
  const reached = targets.map((target) => {
    try {
      return process.kill(target, signal);
    } catch {
      // ESRCH: nobody is left. EPERM: only those are left that may not be ended, or (macOS) zombies.
      return false;
    }
  });
  return reached.includes(true);
}

function familyOf(root: number): number[] {
  const table = processTable();
  const family = [root];
  for (const member of family) for (const { pid, parent } of table) if (parent === member) family.push(pid);
  return family;
}
