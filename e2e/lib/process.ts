import { spawn, type ChildProcess } from "node:child_process";

export interface Finished {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** What it printed so far. */
  readonly output: () => { readonly stdout: string; readonly stderr: string };
}

export interface StartOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Default: closed at once. `open` never reaches its end, as Claude Code's commands have it. */
  readonly stdin?: "closed" | "open" | { readonly text: string };
  /** Milliseconds; then it is killed. Default 60 s. */
  readonly timeout?: number;
}

/** Starts a program without a shell. Its environment is exactly `env`. */
export function start(program: string, args: readonly string[], options: StartOptions): Running {
  const startedAt = performance.now();
  const child = spawn(program, args, { env: options.env, cwd: options.cwd, stdio: "pipe", detached: true });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin.on("error", () => {});
  const stdin = options.stdin ?? "closed";
  if (stdin === "closed") child.stdin.end();
  else if (stdin !== "open") child.stdin.end(stdin.text);
  const timer = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, "SIGKILL"), options.timeout ?? 60_000);
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode, signal) => {
      clearTimeout(timer);
      resolve({ exitCode, signal, stdout, stderr, milliseconds: performance.now() - startedAt });
    });
  });
  return { child, finished, output: () => ({ stdout, stderr }) };
}

/** Runs a program to its end. */
export async function run(program: string, args: readonly string[], options: StartOptions): Promise<Finished> {
  return start(program, args, options).finished;
}
