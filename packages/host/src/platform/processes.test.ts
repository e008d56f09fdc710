import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunRequest, RunResult } from "@keyspring/core";
import { afterAll, describe, expect, test } from "vitest";
import { inNode } from "./testing/in-node.ts";
import { endChildren } from "./children.ts";
import { spawnable } from "./command-line.ts";
import { systemProcesses } from "./processes.ts";

const root = mkdtempSync(join(tmpdir(), "keyspring-processes-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function run(command: RunRequest["command"], more: Partial<RunRequest> = {}): Promise<RunResult> {
  const env = { PATH: process.env["PATH"] };
  return systemProcesses.run({ command, env, signal: new AbortController().signal, streams: "closed", ...more });
}
const sh = (shell: string, more?: Partial<RunRequest>): Promise<RunResult> => run({ shell }, more);
/** Cancelled as soon as it says anything: by then its traps are set, however slow the machine. */
const cancelledOnceReady = (shell: string): Promise<RunResult> => {
  const cancel = new AbortController();
  return sh(shell, { signal: cancel.signal, onLine: () => cancel.abort() });
};
const script = (name: string, text: string, mode = 0o700): string => {
  const path = join(root, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
};
/** Running, and not only waiting to be reaped. */
const lives = (pid: number): boolean => {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};
/** The process id that a child writes into a file, as soon as it has. */
const pidIn = async (file: string): Promise<number> => {
  for (;;) {
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    if (text.endsWith("\n")) return Number(text);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
const elapsed = async (work: Promise<unknown>): Promise<number> => {
  const begin = performance.now();
  await work;
  return performance.now() - begin;
};

describe("how it ended", () => {
  test("by itself: exit code, both streams, no input", async () => {
    expect(await sh("cat; echo out; echo err >&2; exit 3")).toEqual({
      outcome: "exited",
      exitCode: 3,
      signal: undefined,
      stdout: "out\n",
      stderr: "err\n",
    });
  });

  test("by a signal of its own: its name, no exit code", async () => {
    expect(await sh("kill -9 $$")).toMatchObject({ outcome: "exited", exitCode: undefined, signal: "SIGKILL" });
  });

  test.each([
    ["program that is nowhere", ["keyspring-no-such-program"], "not-found"],
    ["path that is nowhere", ["/no/such/program"], "not-found"],
    ["path through a file", ["/etc/passwd/program"], "not-found"],
    ["folder", ["/tmp"], "not-executable"],
  ] as const)("%s", async (_state, command, outcome) => {
    expect(await run(command)).toEqual({
      outcome,
      exitCode: undefined,
      signal: undefined,
      stdout: "",
      stderr: "",
    });
  });

  test("file without the right to run it, script without its interpreter: not executable", async () => {
    expect((await run([script("plain.sh", "#!/bin/sh\n", 0o600)])).outcome).toBe("not-executable");
    expect((await run([script("orphan.sh", "#!/no/such/interpreter\n")])).outcome).toBe("not-executable");
  });

  test("arguments arrive as they are, no shell reads them; only the given environment, only the given folder", async () => {
    const command: [string, ...string[]] = [
      "/usr/bin/env",
      "sh",
      "-c",
      'printf "%s|" "$@"; pwd; env | sort',
      "sh",
      "a b",
      "$HOME",
      "'",
    ];
    const { stdout } = await run([...command] as [string], {
      cwd: root,
      env: { PATH: "/usr/bin:/bin", ONE: "1", TWO: undefined },
    });
    expect(stdout).toContain(`a b|$HOME|'|${root}\n`);
    expect(stdout).toContain("ONE=1\n");
    expect(stdout).not.toMatch(/HOME=|TWO/);
  });
});

describe("what it prints", () => {
  test("lines as they come, a last one without an end too, without carriage returns", async () => {
    const lines: string[] = [];
    await sh("printf 'a\\r\\nb'; printf 'c\\n\\nd'; echo e >&2", { onLine: (line, from) => lines.push(`${from}:${line}`) });
    expect(lines.toSorted()).toEqual(["stderr:e", "stdout:", "stdout:a", "stdout:bc", "stdout:d"]);
  });

  test("a character in two halves is one character", async () => {
    const { stdout } = await sh("printf '\\303'; sleep 0.1; printf '\\244'");
    expect(stdout).toBe("ä");
  });

  test("more than the limit: ended, what fits is kept", async () => {
    const result = await sh("yes 0123456789", { outputLimit: 1000 });
    expect(result).toMatchObject({ outcome: "too-much-output", exitCode: undefined });
    expect(Buffer.byteLength(result.stdout)).toBe(1000);
  });

  test("flood on standard error: the same", async () => {
    expect(await sh("yes 0123456789 >&2", { outputLimit: 1000 })).toMatchObject({ outcome: "too-much-output", stdout: "" });
  });

  test("exactly the limit: not too much", async () => {
    expect(await sh("printf 1234567890", { outputLimit: 10 })).toMatchObject({ outcome: "exited", stdout: "1234567890" });
  });

  test("a megabyte: whole", async () => {
    expect((await sh("head -c 1000000 /dev/zero | tr '\\0' x")).stdout).toHaveLength(1_000_000);
  });
});

describe("ended from outside", () => {
  test("hangs: ended at its time, with its grandchildren", async () => {
    const pid = join(root, "grandchild");
    const result = sh(`sleep 1000 & echo $! > ${pid}; echo begun; wait`, { timeout: 1000 });
    expect(await elapsed(result)).toBeLessThan(2900);
    expect(await result).toMatchObject({ outcome: "timed-out", exitCode: undefined, stdout: "begun\n" });
    expect(lives(Number(readFileSync(pid, "utf8")))).toBe(false);
  });

  test("ignores the polite signal: killed two seconds later", async () => {
    const result = cancelledOnceReady("trap '' TERM; echo ready; while :; do sleep 0.1; done");
    const time = await elapsed(result);
    expect(await result).toMatchObject({ outcome: "cancelled", signal: "SIGKILL" });
    expect(time).toBeGreaterThan(2000);
  }, 15_000);

  test("cleans up on the polite signal: has the time to", async () => {
    const mark = join(root, "cleaned");
    await cancelledOnceReady(`trap 'sleep 0.3; touch ${mark}; exit 0' TERM; echo ready; while :; do sleep 0.05; done`);
    expect(existsSync(mark)).toBe(true);
  });

  test("cancelled: ended; cancelled before: not started", async () => {
    const cancel = new AbortController();
    const result = sh("sleep 1000", { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 100);
    expect(await result).toMatchObject({ outcome: "cancelled" });
    const mark = join(root, "started");
    expect(await sh(`touch ${mark}`, { signal: cancel.signal })).toMatchObject({ outcome: "cancelled" });
    expect(existsSync(mark)).toBe(false);
  });

  test("leaves something behind in its group that keeps its output open: answered soon, the rest dies", async () => {
    const pid = join(root, "left");
    const result = sh(`sleep 1000 & echo $! > ${pid}; echo done`);
    // Two seconds would mean that it was waited for.
    expect(await elapsed(result)).toBeLessThan(1900);
    expect(await result).toMatchObject({ outcome: "exited", exitCode: 0, stdout: "done\n" });
    expect(lives(Number(readFileSync(pid, "utf8")))).toBe(false);
  });

  test("this process is told to stop: every child ends", async () => {
    const results = [sh("sleep 1000"), sh("sleep 1000")];
    await new Promise((resolve) => setTimeout(resolve, 100));
    endChildren();
    expect(await Promise.all(results)).toMatchObject([{ signal: "SIGTERM" }, { signal: "SIGTERM" }]);
  });

  test.each(["closed", "terminal"])(
    "this process exits in the middle (%s streams): its children die",
    async (streams) => {
      const pid = join(root, `orphan-${streams}`);
      const app = inNode(
        `import { systemProcesses } from "${import.meta.dirname}/processes.ts";
       const request = { command: { shell: "sleep 1000 & echo $! > ${pid}; wait" }, env: { PATH: process.env.PATH }, streams: "${streams}" };
       systemProcesses.run({ ...request, signal: new AbortController().signal });
       process.on("SIGTERM", () => process.exit(3));
       console.log("up");`,
      );
      expect(await app.line()).toBe("up");
      const grandchild = await pidIn(pid);
      expect(lives(grandchild)).toBe(true);
      app.process.kill("SIGTERM");
      expect(await app.exit()).toBe(3);
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(lives(grandchild)).toBe(false);
    },
    15_000,
  );
});

describe("sharing the terminal", () => {
  test("the child has this process's own streams and its descendants end with it", async () => {
    const pid = join(root, "terminal");
    const app = inNode(
      `import { systemProcesses } from "${import.meta.dirname}/processes.ts";
       const command = { shell: "echo shown; sleep 1000 & echo $! > ${pid}; wait" };
       const request = { command, env: { PATH: process.env.PATH }, streams: "terminal", timeout: 1000 };
       console.log(JSON.stringify(await systemProcesses.run({ ...request, signal: new AbortController().signal })));`,
    );
    expect(await app.line()).toBe("shown");
    expect(JSON.parse((await app.line())!)).toMatchObject({ outcome: "timed-out", stdout: "", stderr: "" });
    expect(lives(Number(readFileSync(pid, "utf8")))).toBe(false);
  }, 15_000);
});

describe("Windows", () => {
  const env = { ComSpec: "C:\\Windows\\System32\\cmd.exe" };
  test("a command line goes to cmd.exe as it is", () => {
    expect(spawnable({ shell: 'a "b c" %D%' }, "win32", env)).toEqual({
      program: "C:\\Windows\\System32\\cmd.exe",
      args: ["/d", "/s", "/c", '"a "b c" %D%"'],
      verbatim: true,
    });
  });
  test("a program is started directly, a batch file through cmd.exe", () => {
    expect(spawnable(["C:\\a.exe", "b c"], "win32", env)).toEqual({ program: "C:\\a.exe", args: ["b c"], verbatim: false });
    expect(spawnable(["C:\\a b.cmd", "c d"], "win32", env).args.at(-1)).toBe('""C:\\a b.cmd" "c d""');
  });
  test.each(["%PATH%", 'a" & calc', "a\nb", "!x!"])("an argument that cmd.exe would interpret is refused: %j", (argument) => {
    expect(() => spawnable(["a.bat", argument], "win32", env)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIGURATION" }),
    );
  });
});
