import { expect } from "vitest";
import type { Finished } from "./process.ts";

/** The outer contract of a failure: its exit code, nothing on standard output, one line what, one line what to do, no stack trace. */
export function expectFailure(result: Finished, exitCode: number, what?: RegExp): void {
  expect({ exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr }).toMatchObject({ exitCode, stdout: "" });
  const lines = result.stderr.trimEnd().split("\n");
  expect(lines.length, result.stderr).toBeGreaterThanOrEqual(2);
  expect(lines[0]).toMatch(/^keyspring: \S/);
  expect(lines[1]).toMatch(/\S{2,}/);
  expect(result.stderr).not.toMatch(/^\s+at .*:\d+/m);
  if (what !== undefined) expect(result.stderr).toMatch(what);
}

/** The single line that `export` prints. */
export function exportedCredentials({ exitCode, stdout, stderr }: Finished): {
  AccessKeyId: string;
  SecretAccessKey: string;
  SessionToken: string;
  Expiration: string;
} {
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toMatch(/^\{"Credentials":\{[^\n]*\}\}\n$/);
  const { Credentials } = JSON.parse(stdout) as { Credentials: ReturnType<typeof exportedCredentials> };
  expect(Object.keys(Credentials)).toEqual(["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"]);
  return Credentials;
}
