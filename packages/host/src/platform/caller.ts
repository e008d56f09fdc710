import { readFile } from "node:fs/promises";
import type { Caller } from "@keyspring/core";
import { childProcess } from "./builtin.ts";

/** Shells that stand between a program and what it asked them to run. */
const SHELLS = new Set([
  "sh",
  "bash",
  "dash",
  "ash",
  "zsh",
  "ksh",
  "mksh",
  "fish",
  "busybox",
  "cmd.exe",
  "pwsh",
  "powershell.exe",
]);
/** More shells than this in a row are no accident; the last one is answered. */
const MOST_SHELLS = 8;

/** A process as the system tells it. */
export interface ProcessFacts extends Caller {
  readonly parentPid: number;
  /** Program and arguments. */
  readonly argv: readonly string[];
}

/** The process that asked for this one; shells started to run one command (`sh -c …`) are looked through. */
export async function caller(): Promise<Caller | undefined> {
  return callerOf(process.ppid, factsReader());
}

/** The same from any process on, with any way to know processes. */
export async function callerOf(
  firstPid: number,
  factsOf: (pid: number) => Promise<ProcessFacts | undefined>,
): Promise<Caller | undefined> {
  let found: ProcessFacts | undefined;
  for (let pid = firstPid, step = 0; pid > 0 && step < MOST_SHELLS; step += 1) {
    const facts = await factsOf(pid);
    if (facts === undefined) break;
    found = facts;
    if (!runsOneCommand(facts.argv)) break;
    pid = facts.parentPid;
  }
  return found === undefined ? undefined : { pid: found.pid, started: found.started, name: found.name };
}

/** Whether these are the words of a shell that was started with a command to run, not of one that a person types into. */
function runsOneCommand([program = "", ...args]: readonly string[]): boolean {
  const name = program.replace(/^-/, "").split(/[/\\]/).at(-1)!.toLowerCase();
  if (!SHELLS.has(name)) return false;
  for (const arg of args) {
    if (/^-[a-z]*c$/.test(arg) || /^\/c$/i.test(arg) || /^-{1,2}command$/i.test(arg)) return true;
    const option = arg.startsWith("-") || arg.startsWith("+") || (name === "cmd.exe" && arg.startsWith("/"));
    if (!option && !(name === "busybox" && SHELLS.has(arg))) return false;
  }
  return false;
}

function factsReader(): (pid: number) => Promise<ProcessFacts | undefined> {
  if (process.platform === "linux") return factsFromProc;
  return process.platform === "darwin" ? factsFromPs : async () => undefined;
}

/** `/proc/<pid>/stat` (proc(5): field 4 is the parent, 22 the start in clock ticks since boot) and `cmdline`. */
async function factsFromProc(pid: number): Promise<ProcessFacts | undefined> {
  try {
    const [stat, cmdline] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "utf8"),
      readFile(`/proc/${pid}/cmdline`, "utf8"),
    ]);
    return parseProcStat(pid, stat, cmdline);
  } catch {
    return undefined;
  }
}

/** The second field is the program's name in parentheses and may hold spaces and parentheses itself. */
export function parseProcStat(pid: number, stat: string, cmdline: string): ProcessFacts | undefined {
  const end = stat.lastIndexOf(")");
  const name = stat.slice(stat.indexOf("(") + 1, end);
  const fields = stat.slice(end + 2).split(" ");
  const [parent, started] = [fields[1], fields[19]];
  if (end < 0 || parent === undefined || started === undefined) return undefined;
  return { pid, parentPid: Number(parent), started, name, argv: cmdline.split("\0").slice(0, -1) };
}

async function factsFromPs(pid: number): Promise<ProcessFacts | undefined> {
  const args = ["-ww", "-o", "ppid=,lstart=,command=", "-p", String(pid)];
  const output = await new Promise<string>((resolve) => {
    const options = { timeout: 2000, env: { PATH: "/bin:/usr/bin", LC_ALL: "C" } };
    childProcess().execFile("ps", args, options, (_error, stdout) => resolve(stdout));
  });
  return parsePs(pid, output);
}

/** `  501 Sun Nov 22 10:11:12 2026     /bin/sh -c keyspring export`; the words of the command are guessed at spaces. */
export function parsePs(pid: number, output: string): ProcessFacts | undefined {
  const found = /^\s*(\d+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]{8}\s+\d{4})\s+(.*\S)/.exec(output);
  if (found === null) return undefined;
  const [, parent, started, command] = found as unknown as [string, string, string, string];
  const argv = command.split(/\s+/);
  const name = argv[0]!.split("/").at(-1)!;
  return { pid, parentPid: Number(parent), started: started.replace(/\s+/g, " "), name, argv };
}
