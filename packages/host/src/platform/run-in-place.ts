import { constants } from "node:os";
import type { InPlaceRequest, InPlaceResult } from "@keyspring/core";
import { childProcess } from "./builtin.ts";
import { spawnable } from "./command-line.ts";
import { codeOf } from "./system-error.ts";

/** Signals that are meant for the command and not for whoever merely started it. */
const PASSED_ON = ["SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

/**
 * Runs a command as if it had been started instead of this process. Ctrl-C at a terminal reaches the whole foreground group, the command
 * included, so it is passed on only where there is no terminal.
 */
export async function runInPlace({ command, env }: InPlaceRequest): Promise<InPlaceResult> {
  const { program, args, verbatim } = spawnable(command, process.platform, env);
  const child = childProcess().spawn(program, args, { env, stdio: "inherit", windowsVerbatimArguments: verbatim });
  const others = takeSignals((signal) => {
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  });
  try {
    return await new Promise<InPlaceResult>((resolve, reject) => {
      child.once("exit", (code, signal) => resolve({ outcome: "exited", exitCode: code ?? 128 + constants.signals[signal!] }));
      child.once("error", (error) => {
        const outcome = OUTCOMES[codeOf(error) ?? ""];
        if (outcome === undefined) reject(error);
        else resolve({ outcome, exitCode: outcome === "not-found" ? 127 : 126 });
      });
    });
  } finally {
    others.giveBack();
  }
}

const OUTCOMES: Readonly<Record<string, InPlaceResult["outcome"]>> = {
  ENOENT: "not-found",
  ENOTDIR: "not-found",
  EACCES: "not-executable",
  EPERM: "not-executable",
  ENOEXEC: "not-executable",
  EISDIR: "not-executable",
};

/** While the command runs its signals are its own: this process's other handlers would end it. */
function takeSignals(handle: (signal: NodeJS.Signals) => void): { giveBack(): void } {
  const names: readonly NodeJS.Signals[] = ["SIGINT", ...(process.platform === "win32" ? [] : PASSED_ON)];
  const before = names.map((name) => [name, process.listeners(name)] as const);
  for (const name of names) {
    process.removeAllListeners(name);
    process.on(name, handle);
  }
  return {
    giveBack() {
      for (const [name, listeners] of before) {
        process.removeListener(name, handle);
        for (const listener of listeners) process.on(name, listener);
      }
    },
  };
}
