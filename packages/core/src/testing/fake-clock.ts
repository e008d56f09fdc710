import { CredentialError } from "../errors.ts";
import type { Clock, Deadline } from "../platform.ts";

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

export interface FakeClock extends Clock {
  /** Moves time on and wakes what was due, oldest first; lets pending promises run in between. */
  advance(milliseconds: number): Promise<void>;
  /** Steps the wall clock without waking anybody, as a corrected clock or a laptop's lid does. */
  step(milliseconds: number): void;
}

/** Time that moves only when the test says so. */
export function fakeClock(start: number = Date.parse("2026-01-01T00:00:00Z")): FakeClock {
  let now = start;
  const sleepers = new Set<Sleeper>();
  const at = (delay: number, wake: () => void): Sleeper => {
    const sleeper = { due: now + delay, wake };
    sleepers.add(sleeper);
    return sleeper;
  };
  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = at(milliseconds, resolve);
        signal?.addEventListener("abort", () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      }),
    deadline: (milliseconds, parent): Deadline => {
      const controller = new AbortController();
      const late = () => new CredentialError("TIMED_OUT", `nothing came within ${milliseconds} ms`, { remedy: "Try again." });
      const sleeper = at(milliseconds, () => controller.abort(late()));
      if (parent?.aborted) controller.abort(parent.reason);
      parent?.addEventListener("abort", () => controller.abort(parent.reason));
      return { signal: controller.signal, clear: () => sleepers.delete(sleeper) };
    },
    async advance(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        await settle();
        const next = [...sleepers].filter(({ due }) => due <= end).toSorted((a, b) => a.due - b.due)[0];
        if (next === undefined) break;
        sleepers.delete(next);
        now = Math.max(now, next.due);
        next.wake();
      }
      now = end;
      await settle();
    },
    step: (milliseconds) => {
      now += milliseconds;
    },
  };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 25; turn += 1) await Promise.resolve();
}
