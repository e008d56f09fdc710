import { CredentialError, formatDuration, type Clock, type Deadline } from "@keyspring/core";

/** Longer delays overflow Node's timers, which then fire at once. */
const LONGEST = 2 ** 31 - 1;

export const systemClock: Clock = { now: () => Date.now(), sleep, deadline };

function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason as Error);
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener("abort", stop);
        resolve();
      },
      Math.min(milliseconds, LONGEST),
    );
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** Its timer keeps no process alive: what is waited for does that. */
function deadline(milliseconds: number, parent?: AbortSignal): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(tooLate(milliseconds)), Math.min(milliseconds, LONGEST));
  timer.unref();
  const follow = (): void => {
    clearTimeout(timer);
    controller.abort(parent?.reason);
  };
  if (parent?.aborted === true) follow();
  else parent?.addEventListener("abort", follow, { once: true });
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      parent?.removeEventListener("abort", follow);
    },
  };
}

function tooLate(milliseconds: number): CredentialError {
  const age = milliseconds < 1000 ? `${milliseconds} ms` : formatDuration(milliseconds);
  return new CredentialError("TIMED_OUT", `nothing came within ${age}`, {
    remedy: "Try again; `keyspring status` shows what was waited for.",
  });
}
