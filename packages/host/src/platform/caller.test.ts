import { describe, expect, test } from "vitest";
import { execFileSync } from "node:child_process";
import { callerOf, parseProcStat, parsePs, type ProcessFacts } from "./caller.ts";

/** The family of a process, nearest first; each is the parent of the one before. */
function family(...argvs: string[][]): (pid: number) => Promise<ProcessFacts | undefined> {
  return async (pid) => {
    const argv = argvs[pid - 100];
    return argv === undefined ? undefined : { pid, parentPid: pid + 1, started: `s${pid}`, name: argv[0]!, argv };
  };
}

describe("through shells that run one command", () => {
  test.each([
    ["no shell", [["claude"]], 100],
    ["sh -c", [["/bin/sh", "-c", "keyspring export"], ["claude"]], 101],
    ["bash with more options", [["bash", "--norc", "-lc", "keyspring export"], ["claude"]], 101],
    ["two in a row", [["sh", "-c", "x"], ["/usr/bin/zsh", "-c", "-l", "x"], ["claude"]], 102],
    ["cmd.exe", [["C:\\Windows\\System32\\cmd.exe", "/d", "/s", "/c", "x"], ["claude.exe"]], 101],
    ["busybox", [["/bin/busybox", "sh", "-c", "x"], ["claude"]], 101],
    ["shell that a person types into", [["-zsh"], ["terminal"]], 100],
    ["shell that runs a script", [["bash", "script.sh", "-c"], ["claude"]], 100],
    ["something else with -c", [["python3", "-c", "x"], ["claude"]], 100],
    ["shell whose parent is gone", [["sh", "-c", "x"]], 100],
  ])("%s", async (_state, argvs, pid) => {
    expect(await callerOf(100, family(...argvs))).toMatchObject({ pid, started: `s${pid}` });
  });

  test("nothing known: undefined", async () => {
    expect(await callerOf(100, family())).toBeUndefined();
  });
});

describe("what systems say", () => {
  test("Linux: a name with spaces and parentheses", () => {
    const stat = `12 (a) b (c) S 7 12 12 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 987654 0 0\n`;
    expect(parseProcStat(12, stat, "/bin/a\0b c\0")).toEqual({
      pid: 12,
      parentPid: 7,
      started: "987654",
      name: "a) b (c",
      argv: ["/bin/a", "b c"],
    });
  });

  test("macOS", () => {
    expect(parsePs(12, "  501 Sun Nov  2 10:11:12 2026     /bin/sh -c keyspring export\n")).toEqual({
      pid: 12,
      parentPid: 501,
      started: "Sun Nov 2 10:11:12 2026",
      name: "sh",
      argv: ["/bin/sh", "-c", "keyspring", "export"],
    });
    expect(parsePs(12, "")).toBeUndefined();
  });

  test.skipIf(process.platform !== "linux")("this machine: the one behind two shells is this process (needs Linux)", () => {
    const source = `import { caller } from "${import.meta.dirname}/caller.ts"; console.log(JSON.stringify(await caller()));`;
    const node = `'${process.execPath}' --conditions=@keyspring/source --input-type=module --eval '${source}'`;
    const output = execFileSync("bash", ["-c", `sh -c "$0; true"; true`, node], { encoding: "utf8", cwd: import.meta.dirname });
    const found = JSON.parse(output) as { pid: number; started: string };
    expect(found.pid).toBe(process.pid);
    expect(found.started).toMatch(/^\d+$/);
  });
});
