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

/**
 * Asks every child that is still running to end, with all that it started, and ends it two seconds later. What still lives when this
 * process exits is killed then. For an app that was told to stop (SIGTERM, SIGINT, SIGHUP).
 */
export function endChildren(): void {
  for (const tree of living) void tree.end();
}
