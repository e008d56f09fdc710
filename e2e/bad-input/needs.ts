import { spawnSync } from "node:child_process";

/** What only some machines allow. */
export type Need = "root" | "mounts" | "faketime" | "openssl" | "git";

export const IS_ROOT: boolean = process.getuid?.() === 0;

const WORKS: Readonly<Record<Need, () => boolean>> = {
  root: () => IS_ROOT,
  mounts: () => works("unshare", "--mount", "sh", "-c", "mount -t tmpfs -o size=64k tmpfs /mnt"),
  faketime: () => works("faketime", "-f", "+2h", "true"),
  openssl: () => works("openssl", "version"),
  git: () => works("git", "--version"),
};
const WHY: Readonly<Record<Need, string>> = {
  root: "it takes root to give a file to another user",
  mounts: "it takes the right to mount a file system (root)",
  faketime: "libfaketime is not installed (apt-get install faketime)",
  openssl: "openssl is not installed",
  git: "git is not installed",
};
const known = new Map<Need, boolean>();

/** Why the test cannot run here; `undefined` if it can. */
export function missing(needs: readonly Need[]): string | undefined {
  const lacking = needs.find((need) => {
    if (!known.has(need)) known.set(need, WORKS[need]());
    return !known.get(need)!;
  });
  return lacking === undefined ? undefined : WHY[lacking];
}

/** Where every test must run, to leave one out is a failure. */
export function refuseToSkip(reason: string): string {
  if (process.env["KEYSPRING_REQUIRE_ALL"] === "1" || process.env["CI"] === "true")
    throw new Error(`this test may not be skipped here, but ${reason}`);
  console.warn(`skipped: ${reason}`);
  return reason;
}

function works(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}
