/**
 * The simulator's time. Two ways to bend it, because tests need two different things:
 * - `skew`: the server's clock is wrong. Date header, signature checks, lifetimes and claimed expirations all follow.
 * - `advance`: time went by. Everything issued so far is older by that much, while signatures and the Date header stay with the real
 *   clock, so clients that run on it stay in step.
 */
export interface SimulatorClock {
  /** What the server believes the time is, milliseconds since the epoch. */
  wall(): number;
  /** The time line on which lifetimes are kept; never shown to clients. */
  now(): number;
  /** A moment of `now()`'s line as clients should be told it. */
  toWall(moment: number): number;
  readonly skew: number;
  setSkew(milliseconds: number): void;
  advance(milliseconds: number): void;
}

export function createClock(): SimulatorClock {
  let skew = 0;
  let advanced = 0;
  const wall = (): number => Date.now() + skew;
  return {
    wall,
    now: () => wall() + advanced,
    toWall: (moment) => moment - advanced,
    get skew() {
      return skew;
    },
    setSkew(milliseconds) {
      skew = milliseconds;
    },
    advance(milliseconds) {
      advanced += milliseconds;
    },
  };
}
