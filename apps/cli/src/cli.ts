import { CommanderError } from "commander";
import { CredentialError, exitCodeOf, isCredentialError, type Platform } from "@keyspring/core";
import { composeServices } from "./container.ts";
import { errorLines, explained } from "./present/error.ts";
import { createProgram, usageError } from "./program.ts";
import type { Services } from "./services.ts";
import type { Terminal } from "./terminal.ts";

export interface Cli {
  /** Runs one command line; resolves to the exit code, never rejects. */
  run(argv: readonly string[]): Promise<number>;
  /** What Ctrl-C does: everything under way ends cleanly. */
  interrupt(): void;
}

export function createCli(platform: Platform, terminal: Terminal, version: string): Cli {
  const interruption = new AbortController();
  const services = composeServices({ platform, terminal, version, interrupted: interruption.signal });
  return {
    interrupt: () => interruption.abort(new CredentialError("CANCELLED", "interrupted")),
    async run(argv) {
      let exitCode = 0;
      const program = createProgram({
        version,
        out: terminal.out,
        async execute(spec, input) {
          const run = await spec.load();
          exitCode = (await run(services, input)) ?? 0;
        },
      });
      try {
        await program.parseAsync([...argv], { from: "user" });
        return exitCode;
      } catch (error) {
        return failed(services, error, argv);
      } finally {
        // Its lines are written in the background, and the process ends as soon as this is done.
        await services.log.flush().catch(() => {});
      }
    },
  };
}

function failed(services: Services, error: unknown, argv: readonly string[]): number {
  const { terminal, redactor } = services;
  const cause = error instanceof CommanderError ? usageError(error, argv) : explained(error);
  if (cause === undefined) return 0;
  const exitCode = exitCodeOf(cause);
  if (cause.code !== "CANCELLED") terminal.err(errorLines(cause, (text) => redactor.redact(text)));
  // A slip of the finger is nobody's trouble but the typist's, and may hold what was meant for another window.
  if (cause.code !== "USAGE") logFailure(services, cause, error);
  return exitCode;
}

/** The log may itself be what is broken, so it has no say in how the command ends. */
function logFailure(services: Services, cause: CredentialError, error: unknown): void {
  try {
    const stack = isCredentialError(error) || !(error instanceof Error) ? undefined : error.stack;
    services.log.error(cause.message, { code: cause.code, ...(stack === undefined ? {} : { stack }) });
  } catch {
    // Nothing more can be done.
  }
}
