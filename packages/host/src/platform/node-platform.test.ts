import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { nodePlatform } from "./node-platform.ts";

const SHOW = `import { nodePlatform } from "${import.meta.dirname}/node-platform.ts"; const { home, cwd, user, self } = nodePlatform(); console.log(JSON.stringify({ home, cwd, user, self: { ...self, execPath: self.execPath } }));`;
const ARGS = ["--conditions=@keyspring/source", "--input-type=module", "--eval", SHOW];
interface Shown {
  readonly home: string;
  readonly cwd: string;
  readonly user: { readonly uid: number; readonly name: string };
  readonly self: { readonly execPath: string; readonly script: string };
}
const shown = (program: string, options: { env?: NodeJS.ProcessEnv; cwd?: string; uid?: number; argv0?: string }): Shown =>
  JSON.parse(execFileSync(program, ARGS, { encoding: "utf8", env: {}, ...options })) as Shown;

test("this process", () => {
  const platform = nodePlatform({ script: "/opt/keyspring.cjs" });
  expect(platform.self).toMatchObject({ pid: process.pid, parentPid: process.ppid, script: "/opt/keyspring.cjs" });
  expect(realpathSync(platform.self.execPath)).toBe(realpathSync(process.execPath));
  expect(platform.digest("sha1", "my-sso")).toBe("0ad374308c5a4e22f723adf10145eafad7c4031c");
  expect(platform.random(16)).toHaveLength(16);
  expect(platform.random(16)).not.toEqual(platform.random(16));
});

describe("the interpreter's path", () => {
  test("found by PATH through a link: the link, which outlives updates", () => {
    const folder = mkdtempSync(join(tmpdir(), "keyspring-self-"));
    symlinkSync(process.execPath, join(folder, "node"));
    try {
      const { self } = shown(join(folder, "node"), { argv0: "node", env: { PATH: `relative:${folder}:/usr/bin` } });
      expect(self.execPath).toBe(join(folder, "node"));
      expect(shown(join(folder, "node"), {}).self.execPath).toBe(join(folder, "node"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("called by a name that leads nowhere: what runs", () => {
    expect(realpathSync(shown(process.execPath, { argv0: "something" }).self.execPath)).toBe(realpathSync(process.execPath));
  });
});

describe("odd surroundings", () => {
  test("no HOME: the home folder of the user database", () => {
    expect(shown(process.execPath, {}).home).toMatch(/^\//);
  });

  test.skipIf(process.getuid?.() !== 0)("user that no database knows, without HOME, as in containers (needs root)", () => {
    expect(shown(process.execPath, { uid: 54_321, cwd: "/" })).toMatchObject({
      home: "/",
      user: { uid: 54_321, name: "54321" },
    });
  });

  // Node 20 reads no TypeScript: the built package is what it is asked for.
  const built = new URL("../../dist/platform/node-platform.js", import.meta.url);
  const older = existsSync("/usr/bin/node") && existsSync(built);
  test.skipIf(!older)("locks under the machine's own Node, which may be older (needs /usr/bin/node and a build)", () => {
    const source = `const { nodePlatform } = await import("${built.href}"); const p = nodePlatform(); const lock = await p.locks.tryAcquire(process.argv[1]); console.log(lock !== undefined && await p.locks.tryAcquire(process.argv[1]) === undefined);`;
    const folder = mkdtempSync(join(tmpdir(), "keyspring-node20-"));
    const output = execFileSync("/usr/bin/node", ["--input-type=module", "--eval", source, join(folder, "lock")], {
      encoding: "utf8",
    });
    rmSync(folder, { recursive: true });
    expect(output).toBe("true\n");
  });
});
