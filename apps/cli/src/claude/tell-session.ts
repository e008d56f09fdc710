import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import type { Services } from "../services.ts";

/**
 * Says something to the person behind `claude -p`, which shows nothing of what its commands print: on its own standard error where the
 * system lets us (Linux), else on the terminal that it shares with us. Where there is neither, the log has it.
 */
export async function tellSession(services: Services, text: string): Promise<void> {
  const { platform, log } = services;
  const caller = await platform.processes.caller().catch(() => undefined);
  const stderr = platform.os === "linux" && caller !== undefined ? [`/proc/${caller.pid}/fd/2`] : [];
  for (const path of [...stderr, "/dev/tty"]) if (wrote(path, text)) return;
  log.warn("there is nobody to tell", { text });
}

/** Writes to the controlling terminal; false where there is none. */
export function tellTerminal(text: string): boolean {
  return wrote("/dev/tty", text);
}

function wrote(path: string, text: string): boolean {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NOCTTY | constants.O_NONBLOCK);
    const facts = fstatSync(descriptor);
    // Into a regular file we would write where its owner writes next.
    if (!facts.isCharacterDevice() && !facts.isFIFO()) return false;
    writeSync(descriptor, text);
    return true;
  } catch {
    return false;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
