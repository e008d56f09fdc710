import { execFileSync } from "node:child_process";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { howToRun } from "./how-to-run.ts";

const pieces = fc.constantFrom(
  ..."a b'\"\\;&|<>()*?[]~#={},!%^@:/.-\t".split(""),
  "$",
  "$X",
  "`",
  "set",
  "A=b",
  "x y",
  "\\\n",
  "é",
);

/** The claim of `howToRun`, held against a real shell: on Windows there is none to ask. */
describe.skipIf(process.platform === "win32")("a line that nothing disputes", () => {
  test("gives the same words with a shell and without", () => {
    let undisputed = 0;
    fc.assert(
      fc.property(fc.array(pieces, { minLength: 1, maxLength: 8 }), (parts) => {
        const line = `printf '%s\\0' x ${parts.join("")}`;
        let plan: ReturnType<typeof howToRun>;
        try {
          plan = howToRun(line, "linux", "here");
        } catch {
          return;
        }
        if (plan.disputed.length > 0) return;
        undisputed += 1;
        const printed = execFileSync("/bin/sh", ["-c", line], {
          env: {},
          cwd: "/",
          stdio: ["ignore", "pipe", "pipe"],
        }).toString();
        expect(printed.split("\0").slice(0, -1)).toEqual(plan.words.slice(2));
      }),
      { numRuns: 400 },
    );
    expect(undisputed).toBeGreaterThan(20);
  }, 30_000);
});
