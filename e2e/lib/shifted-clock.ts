import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { House } from "./house.ts";

/** A wall clock that a test moves on: for the programs that run with `env`, and for the house's simulated AWS. */
export interface ShiftedClock {
  readonly env: Readonly<Record<string, string>>;
  /** Time goes by, in minutes. */
  advance(minutes: number): Promise<void>;
}

/** Needs a C compiler (`cc`) and Linux. */
export function shiftedClock(house: House): ShiftedClock {
  const library = house.path("shifted-clock.so");
  const file = house.path("shifted-clock");
  execFileSync("cc", ["-O1", "-shared", "-fPIC", "-o", library, join(import.meta.dirname, "shifted-clock.c")]);
  let minutes = 0;
  const write = (): void => {
    const seconds = Buffer.alloc(8);
    seconds.writeBigInt64LE(BigInt(minutes * 60));
    // In place: the programs have it mapped.
    writeFileSync(file, seconds, { flag: minutes === 0 ? "w" : "r+" });
  };
  write();
  return {
    env: { LD_PRELOAD: library, SHIFTED_CLOCK: file },
    async advance(more) {
      minutes += more;
      write();
      await house.simulator.control.setClockSkew({ milliseconds: minutes * 60_000 });
    },
  };
}
