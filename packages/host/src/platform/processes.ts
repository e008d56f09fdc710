import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import type { Processes, RunRequest, RunResult } from "@keyspring/core";
import { childProcess } from "./builtin.ts";
import { caller } from "./caller.ts";
import { capture, type Capture } from "./capture.ts";
import { remember } from "./children.ts";
import { spawnable } from "./command-line.ts";
import { descendants, processGroup, windowsTree, type ProcessTree } from "./process-group.ts";
import { runInPlace } from "./run-in-place.ts";
import { codeOf } from "./system-error.ts";

const DEFAULT_OUTPUT_LIMIT = 1024 * 1024;
/** After its end, how long a child's pipes may stay open because somebody inherited them. */
const DRAIN = 250;

type Outcome = RunResult["outcome"];

export const systemProcesses: Processes = { run, runInPlace, caller };

async function run(request: RunRequest): Promise<RunResult> {
  if (request.signal.aborted) return nothing("cancelled");
  let child: ChildProcess;
  try {
    child = start(request);
  } catch (error) {
    return nothing(notStarted(error, request));
  }
  if (child.pid === undefined) return nothing(notStarted(await failureOf(child), request));
  const tree = treeOf(child.pid, request.streams);
  const forget = remember(tree);
  try {
    return await runToItsEnd(child, tree, request);
  } finally {
    forget();
  }
}

function start(request: RunRequest): ChildProcess {
  const { program, args, verbatim } = spawnable(request.command, process.platform, request.env);
  const captured = request.streams === "closed";
  return childProcess().spawn(program, args, {
    env: request.env,
    ...(request.cwd === undefined ? {} : { cwd: request.cwd }),
    stdio: captured ? ["ignore", "pipe", "pipe"] : "inherit",
    // A group of its own can be ended whole; one that shares the terminal must stay in the foreground group to read from it.
    detached: captured && process.platform !== "win32",
    windowsHide: true,
    windowsVerbatimArguments: verbatim,
  });
}

function treeOf(pid: number, streams: RunRequest["streams"]): ProcessTree {
  if (process.platform === "win32") return windowsTree(pid);
  return streams === "closed" ? processGroup(pid) : descendants(pid);
}

async function runToItsEnd(child: ChildProcess, tree: ProcessTree, request: RunRequest): Promise<RunResult> {
  let outcome: Outcome = "exited";
  let ending: Promise<void> | undefined;
  const end = (why: Outcome): void => {
    if (ending !== undefined) return;
    outcome = why;
    ending = tree.end();
  };
  const limit = request.outputLimit ?? DEFAULT_OUTPUT_LIMIT;
  const keep = (from: "stdout" | "stderr"): Capture | undefined => {
    const stream = child[from];
    return stream === null
      ? undefined
      : capture(
          stream,
          limit,
          (line) => request.onLine?.(line, from),
          () => end("too-much-output"),
        );
  };
  const stdout = keep("stdout");
  const stderr = keep("stderr");
  const cancel = (): void => end("cancelled");
  request.signal.addEventListener("abort", cancel, { once: true });
  const timer = request.timeout === undefined ? undefined : setTimeout(() => end("timed-out"), request.timeout);

  const [exitCode, signal] = await exitOf(child);
  clearTimeout(timer);
  request.signal.removeEventListener("abort", cancel);
  await closed(child);
  // What it left behind in its group dies with it, whether or not it was asked to end.
  await (ending ?? (request.streams === "closed" ? tree.end() : undefined));
  stdout?.finish();
  stderr?.finish();
  return {
    outcome,
    exitCode: outcome === "exited" ? (exitCode ?? undefined) : undefined,
    signal: signal ?? undefined,
    stdout: stdout?.text() ?? "",
    stderr: stderr?.text() ?? "",
  };
}

function exitOf(child: ChildProcess): Promise<[code: number | null, signal: NodeJS.Signals | null]> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve([code, signal]));
  });
}

/** Until the child's pipes are drained. A grandchild that holds them open is not waited for. */
function closed(child: ChildProcess): Promise<void> {
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  return new Promise((resolve) => {
    let open = streams.filter((stream) => !stream.closed).length;
    if (open === 0) return resolve();
    const timer = setTimeout(() => {
      for (const stream of streams) stream.destroy();
    }, DRAIN);
    for (const stream of streams)
      stream.once("close", () => {
        open -= 1;
        if (open > 0) return;
        clearTimeout(timer);
        resolve();
      });
  });
}

function failureOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => {
    child.once("error", resolve);
  });
}

/** How the system refused to start it; rethrows what is this process's own trouble (no memory, no descriptors). */
function notStarted(error: unknown, request: RunRequest): Outcome {
  const program = "shell" in request.command ? "" : request.command[0];
  switch (codeOf(error)) {
    // Also said of a script whose interpreter is missing.
    case "ENOENT":
      return /[/\\]/.test(program) && existsSync(program) ? "not-executable" : "not-found";
    case "ENOTDIR":
      return "not-found";
    case "EACCES":
    case "EPERM":
    case "ENOEXEC":
    case "EISDIR":
    case "UNKNOWN":
      return "not-executable";
    default:
      throw error;
  }
}

function nothing(outcome: Outcome): RunResult {
  return { outcome, exitCode: undefined, signal: undefined, stdout: "", stderr: "" };
}
