import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

/** A program in a process of its own: what it prints, how it ends. */
export interface InNode {
  readonly process: ChildProcess;
  /** The next line of its standard output; `undefined` after the last. */
  line(): Promise<string | undefined>;
  /** Its exit code, or the signal that ended it. */
  exit(): Promise<number | string>;
  /** Ends it as the kernel would, without a chance to clean up. */
  kill(): Promise<void>;
}

/** Runs the source text of a module under the same Node; imports of workspace packages find their sources. */
export function inNode(source: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = process.env): InNode {
  const child = spawn(
    process.execPath,
    ["--conditions=@keyspring/source", "--input-type=module", "--eval", source, ...args],
    // The package's own folder, so that bare names resolve.
    { cwd: import.meta.dirname, env, stdio: ["ignore", "pipe", "inherit"] },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<number | string>((resolve) => {
    child.once("exit", (code, signal) => resolve(signal ?? code ?? -1));
  });
  return {
    process: child,
    line: async () => (await lines.next()).value as string | undefined,
    exit: () => ended,
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
