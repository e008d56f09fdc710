import { writeSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { CredentialError } from "@keyspring/core";
import type { Terminal } from "./terminal.ts";

/** The terminal of this process. Writes are synchronous: what was written has left before the process ends. */
export function nodeTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  const colour = stderr.isTTY && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
  return {
    out: (text) => writeAll(1, text),
    err: (text) => writeAll(2, text),
    outIsTerminal: stdout.isTTY,
    errIsTerminal: stderr.isTTY,
    canAsk: stdin.isTTY && stderr.isTTY,
    colour,
    async ask(question) {
      const lines = createInterface({ input: stdin, output: stderr });
      // Ctrl-C, Ctrl-D and the end of input close it; what becomes of the question then differs between versions of Node.
      const left = new Promise<never>((_, reject) => {
        lines.once("close", () => reject(new CredentialError("CANCELLED", "nobody answered")));
      });
      try {
        return (await Promise.race([lines.question(question).catch(() => left), left])).trim();
      } finally {
        lines.close();
      }
    },
  };
}

/** A pipe that is full for the moment takes the rest later; a reader that has gone away wants nothing more. */
function writeAll(descriptor: number, text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE") return;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
