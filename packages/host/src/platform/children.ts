import type { ProcessTree } from "./process-group.ts";

const living = new Set<ProcessTree>();
let watching = false;

/** Remembers a child until it has ended, so that it never outlives this process. */
export function remember(tree: ProcessTree): () => void {
  living.add(tree);
  if (!watching) {
    watching = true;
    process.on("exit", () => {
      for (const child of living) child.kill();
    });
  }
  return () => living.delete(tree);
}

/** Ends every child that is still running, politely for two seconds. For an app that is told to stop. */
export async function endChildren(): Promise<void> {
  await Promise.all([...living].map((tree) => tree.end()));
}

/**
 * Calls `onSignal` when this process is asked to end (SIGTERM, SIGINT, SIGHUP), after its children were asked too. A second signal
 * ends the process at once. Without `onSignal` the process ends by the same signal.
 * @returns removes the handlers
 */
export function endChildrenOnSignals(onSignal?: (signal: NodeJS.Signals) => void): () => void {
  const signals = ["SIGTERM", "SIGINT", "SIGHUP"] as const;
  let told = false;
  const stop = (): void => {
    for (const signal of signals) process.off(signal, handle);
  };
  const endNow = (signal: NodeJS.Signals): void => {
    for (const child of living) child.kill();
    stop();
    process.kill(process.pid, signal);
  };
  const handle = (signal: NodeJS.Signals): void => {
    if (told) return endNow(signal);
    told = true;
    void endChildren().then(() => (onSignal ?? endNow)(signal));
  };
  for (const signal of signals) process.on(signal, handle);
  return stop;
}
