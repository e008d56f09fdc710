import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { isatty } from "node:tty";
import type { Services } from "../services.ts";

/** Says something to a person; false if there is nobody to hear it. */
export type Voice = (text: string) => boolean;

/**
 * How to speak to the person behind `claude -p`, which shows nothing of what its commands print: on its own standard error where the
 * system lets us (Linux), else on the terminal that it shares with us.
 */
export async function sessionVoice({ platform }: Pick<Services, "platform">): Promise<Voice> {
  const caller = await platform.processes.caller().catch(() => undefined);
  const stderr = platform.os === "linux" && caller !== undefined ? [`/proc/${caller.pid}/fd/2`] : [];
  return (text) => [...stderr, "/dev/tty"].some((path) => wrote(path, text));
}

/** Tells the person behind `claude -p`; where there is nobody, the log has it. */
export async function tellSession(services: Services, text: string): Promise<void> {
  const voice = await sessionVoice(services);
  if (!voice(text)) services.log.warn("there is nobody to tell", { text });
}

/** Writes to the controlling terminal; false where there is none. */
export function tellTerminal(text: string): boolean {
  return wrote("/dev/tty", text);
}

function wrote(path: string, text: string): boolean {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NOCTTY | constants.O_NONBLOCK);
    // Into a regular file we would write where its owner writes next; /dev/null hears nothing.
    if (!isatty(descriptor) && !fstatSync(descriptor).isFIFO()) return false;
    writeSync(descriptor, text);
    return true;
  } catch {
    return false;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
