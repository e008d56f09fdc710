import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";

/** Tests that need something which not every machine has. Where it is missing they are skipped and say why; in CI they fail. */
export function describeWith(name: string, missing: string | undefined, tests: () => void): void {
  if (missing === undefined) describe(name, tests);
  else if (process.env["CI"] === "true" || process.env["KEYSPRING_REQUIRE_ALL"] === "1")
    it(name, () => expect.fail(`cannot run here: ${missing}`));
  else describe.skip(`${name} (skipped: ${missing})`, tests);
}

/** What to say when a program is not on PATH. */
export function missingProgram(program: string, ...args: readonly string[]): string | undefined {
  const { error, status } = spawnSync(program, args.length === 0 ? ["--version"] : args, { stdio: "ignore" });
  return error === undefined && status === 0 ? undefined : `${program} is not installed`;
}
