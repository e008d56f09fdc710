import { startSimulator, type Simulator, type SimulatorOptions } from "./simulator.ts";
import type { IssuedSecret } from "./state/secrets.ts";

/** Starts a simulator for the time of `use`, and stops it however that ends. */
export async function withSimulator<Result>(
  use: (simulator: Simulator) => Promise<Result>,
  options: SimulatorOptions = {},
): Promise<Result> {
  const simulator = await startSimulator(options);
  try {
    return await use(simulator);
  } finally {
    await simulator.stop();
  }
}

/**
 * Which of the secrets stand in the text, plainly or as URLs, JSON or base64 carry them. For tests of what a program printed:
 * `expect(findSecrets(output, await simulator.control.secrets())).toEqual([])`.
 */
export function findSecrets(text: string, secrets: readonly IssuedSecret[]): IssuedSecret[] {
  return secrets.filter(({ value }) =>
    [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), Buffer.from(value).toString("base64")].some((form) =>
      text.includes(form),
    ),
  );
}
