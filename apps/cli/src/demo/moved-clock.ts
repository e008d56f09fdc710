import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SimulatorControl } from "@keyspring/aws-simulator";
import type { Clock } from "@keyspring/core";

/** Time on the stage: moved for the simulated AWS and for every program alike, so that an hour passes in no time. */
export interface MovedClock {
  now(): number;
  /** Lets so many milliseconds pass. */
  pass(milliseconds: number): Promise<void>;
  /** What makes Node programs live in this time. */
  readonly env: Readonly<Record<string, string>>;
}

export async function createMovedClock(
  folder: string,
  { now }: Pick<Clock, "now">,
  { setClockSkew }: Pick<SimulatorControl, "setClockSkew">,
): Promise<MovedClock> {
  const offsetFile = join(folder, "clock-offset");
  const preload = join(folder, "moved-clock.cjs");
  let offset = 0;
  await writeFile(offsetFile, "0");
  await writeFile(preload, preloadText(offsetFile));
  return {
    now: () => now() + offset,
    async pass(milliseconds) {
      offset += milliseconds;
      await setClockSkew({ milliseconds: offset });
      await writeFile(offsetFile, String(offset));
    },
    // NODE_OPTIONS reads a quoted path as JSON writes it: backslashes doubled.
    env: { NODE_OPTIONS: `--require ${JSON.stringify(preload)}` },
  };
}

const preloadText = (
  offsetFile: string,
): string => `const by = Number(require("node:fs").readFileSync(${JSON.stringify(offsetFile)}, "utf8"));
const real = Date;
globalThis.Date = class Date extends real {
  constructor(...given) {
    if (given.length === 0) super(real.now() + by);
    else super(...given);
  }
  static now() {
    return real.now() + by;
  }
};
`;
