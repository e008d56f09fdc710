import { execFileSync } from "node:child_process";
import { fakePlatform, type FakePlatform } from "@keyspring/core/testing";
import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { commandFor } from "./index.ts";
import { commandLine } from "./quote.ts";

// Real files and processes, on machines that have other work too.
vi.setConfig({ testTimeout: 30_000 });

interface Install {
  readonly os?: "linux" | "darwin" | "win32";
  readonly execPath: string;
  readonly script: string;
  readonly env?: Record<string, string>;
  /** Links, from → to; every end is a file. */
  readonly links?: Record<string, string>;
  readonly files?: readonly string[];
}

function installed({ os = "linux", execPath, script, env = {}, links = {}, files = [] }: Install): FakePlatform {
  const platform = fakePlatform({ os, env });
  for (const file of [execPath, script, ...Object.values(links), ...files]) platform.files.put(file, "", { mode: 0o755 });
  for (const [from, to] of Object.entries(links)) platform.files.link(from, to);
  return Object.assign(platform, { self: { ...platform.self, execPath, script } });
}

const lineOf = async (install: Install): Promise<string> =>
  (await commandFor(installed(install), ["export", "--profile", "acme"])).line;

const HOME = "/home/ada";
const STABLE: readonly (readonly [name: string, install: Install, line: string])[] = [
  [
    "system packages",
    {
      execPath: "/usr/bin/node",
      script: "/usr/bin/keyspring",
      links: { "/usr/bin/keyspring": "/usr/lib/node_modules/keyspring/dist/keyspring.cjs" },
      env: { PATH: "/usr/bin" },
    },
    "/usr/bin/node /usr/bin/keyspring",
  ],
  [
    "Homebrew: the links, not the Cellar",
    {
      os: "darwin",
      execPath: "/opt/homebrew/Cellar/node/26.1.0/bin/node",
      script: "/opt/homebrew/lib/node_modules/keyspring/dist/keyspring.cjs",
      links: {
        "/opt/homebrew/bin/node": "/opt/homebrew/Cellar/node/26.1.0/bin/node",
        "/opt/homebrew/bin/keyspring": "/opt/homebrew/lib/node_modules/keyspring/dist/keyspring.cjs",
      },
      env: { PATH: "/opt/homebrew/Cellar/node/26.1.0/bin:/opt/homebrew/bin:/usr/bin" },
    },
    "/opt/homebrew/bin/node /opt/homebrew/bin/keyspring",
  ],
  [
    "Homebrew's node@22, not linked and not in PATH: its opt folder",
    {
      os: "darwin",
      execPath: "/opt/homebrew/Cellar/node@22/22.3.0/bin/node",
      script: "/opt/homebrew/lib/node_modules/keyspring/dist/keyspring.cjs",
      links: { "/opt/homebrew/opt/node@22/bin/node": "/opt/homebrew/Cellar/node@22/22.3.0/bin/node" },
    },
    "/opt/homebrew/opt/node@22/bin/node /opt/homebrew/lib/node_modules/keyspring/dist/keyspring.cjs",
  ],
  [
    "nvm: its version folder, for want of anything better",
    {
      execPath: `${HOME}/.nvm/versions/node/v20.20.2/bin/node`,
      script: `${HOME}/.nvm/versions/node/v20.20.2/bin/keyspring`,
      env: { PATH: `${HOME}/.nvm/versions/node/v20.20.2/bin:/usr/bin` },
      files: ["/usr/bin/node"],
    },
    `${HOME}/.nvm/versions/node/v20.20.2/bin/node ${HOME}/.nvm/versions/node/v20.20.2/bin/keyspring`,
  ],
  [
    "fnm: the default alias, not the link of this shell",
    {
      execPath: "/run/user/1000/fnm_multishells/77_1/bin/node",
      script: `${HOME}/.local/share/fnm/node-versions/v20.20.2/installation/lib/node_modules/keyspring/dist/keyspring.cjs`,
      links: {
        "/run/user/1000/fnm_multishells/77_1/bin/node": `${HOME}/.local/share/fnm/node-versions/v20.20.2/installation/bin/node`,
        [`${HOME}/.local/share/fnm/aliases/default/bin/node`]: `${HOME}/.local/share/fnm/node-versions/v20.20.2/installation/bin/node`,
      },
      env: { PATH: "/run/user/1000/fnm_multishells/77_1/bin" },
    },
    `${HOME}/.local/share/fnm/aliases/default/bin/node ${HOME}/.local/share/fnm/node-versions/v20.20.2/installation/lib/node_modules/keyspring/dist/keyspring.cjs`,
  ],
  [
    "fnm without that alias: what the shell's link leads to",
    {
      execPath: "/run/user/1000/fnm_multishells/77_1/bin/node",
      script: "/opt/keyspring/keyspring.cjs",
      links: { "/run/user/1000/fnm_multishells/77_1/bin/node": `${HOME}/.fnm/node-versions/v20.20.2/installation/bin/node` },
      env: { PATH: "/run/user/1000/fnm_multishells/77_1/bin" },
    },
    `${HOME}/.fnm/node-versions/v20.20.2/installation/bin/node /opt/keyspring/keyspring.cjs`,
  ],
  [
    "asdf and volta: not their shims, which are other programs",
    {
      execPath: `${HOME}/.asdf/installs/nodejs/20.20.2/bin/node`,
      script: `${HOME}/.asdf/installs/nodejs/20.20.2/lib/node_modules/keyspring/dist/keyspring.cjs`,
      files: [`${HOME}/.asdf/shims/node`, `${HOME}/.asdf/shims/keyspring`],
      env: { PATH: `${HOME}/.asdf/shims` },
    },
    `${HOME}/.asdf/installs/nodejs/20.20.2/bin/node ${HOME}/.asdf/installs/nodejs/20.20.2/lib/node_modules/keyspring/dist/keyspring.cjs`,
  ],
  [
    "mise: the link of the major version",
    {
      execPath: `${HOME}/.local/share/mise/installs/node/20.20.2/bin/node`,
      script: "/opt/keyspring/keyspring.cjs",
      links: {
        [`${HOME}/.local/share/mise/installs/node/20/bin/node`]: `${HOME}/.local/share/mise/installs/node/20.20.2/bin/node`,
      },
      env: { PATH: `${HOME}/.local/share/mise/installs/node/20/bin` },
    },
    `${HOME}/.local/share/mise/installs/node/20/bin/node /opt/keyspring/keyspring.cjs`,
  ],
  [
    "standalone executable behind a link",
    {
      execPath: "/opt/keyspring/keyspring-linux-x64",
      script: "/opt/keyspring/keyspring-linux-x64",
      env: { PATH: "/usr/bin" },
    },
    "/opt/keyspring/keyspring-linux-x64",
  ],
  [
    "a folder with a space and a quote",
    { execPath: "/usr/bin/node", script: "/home/ada/o'neil tools/keyspring.cjs" },
    "/usr/bin/node '/home/ada/o'\\''neil tools/keyspring.cjs'",
  ],
  [
    "Windows: node.exe of PATH and the script itself, quoted for cmd.exe",
    {
      os: "win32",
      execPath: "C:\\Program Files\\nodejs\\node.exe",
      script: "C:\\Users\\ada\\AppData\\Roaming\\npm\\node_modules\\keyspring\\dist\\keyspring.cjs",
      env: { Path: "C:\\Program Files\\nodejs" },
    },
    '"C:\\Program Files\\nodejs\\node.exe" C:\\Users\\ada\\AppData\\Roaming\\npm\\node_modules\\keyspring\\dist\\keyspring.cjs',
  ],
];
test.each(STABLE)("%s", async (_, install, line) => {
  expect(await lineOf(install)).toBe(`${line} export --profile acme`);
});

const RUNNERS: readonly (readonly [runner: string, script: string])[] = [
  ["npx", "/home/ada/.npm/_npx/1f2e3d/node_modules/keyspring/dist/keyspring.cjs"],
  ["npx", "C:\\Users\\ada\\AppData\\Local\\npm-cache\\_npx\\1f2e3d\\node_modules\\keyspring\\dist\\keyspring.cjs"],
  ["pnpm dlx", "/home/ada/.cache/pnpm/dlx/abc/123/node_modules/keyspring/dist/keyspring.cjs"],
  ["bunx", "/tmp/bunx-1000-keyspring@latest/node_modules/keyspring/dist/keyspring.cjs"],
  ["yarn dlx", "/tmp/xfs-1a2b3c/dlx-77/node_modules/keyspring/dist/keyspring.cjs"],
];
test.each(RUNNERS)("the cache of %s is refused, temporary allowed or not: %s", async (runner, script) => {
  const windows = script.startsWith("C:");
  const platform = installed({
    os: windows ? "win32" : "linux",
    execPath: windows ? "C:\\node\\node.exe" : "/usr/bin/node",
    script,
  });
  for (const allowTemporary of [false, true])
    await expect(commandFor(platform, ["export"], { allowTemporary })).rejects.toMatchObject({
      code: "INVALID_CONFIGURATION",
      message: expect.stringContaining(`the cache of ${runner}`),
      remedy: expect.stringContaining("npm install -g keyspring"),
    });
});

test.each([
  ["linux", "/tmp/keyspring/keyspring.cjs", {}],
  ["linux", "/scratch/t/keyspring.cjs", { TMPDIR: "/scratch/t" }],
  ["darwin", "/private/var/folders/x/T/keyspring.cjs", {}],
  ["win32", "C:\\Users\\ada\\AppData\\Local\\Temp\\k\\keyspring.cjs", {}],
  ["win32", "D:\\temp\\keyspring.cjs", { TEMP: "d:\\TEMP" }],
] as const)("a temporary folder (%s, %s): refused, or said if it is allowed", async (os, script, env) => {
  const platform = installed({ os, execPath: os === "win32" ? "C:\\node\\node.exe" : "/usr/bin/node", script, env });
  await expect(commandFor(platform, ["export"])).rejects.toThrow(/the temporary folder/);
  const { findings } = await commandFor(platform, ["export"], { allowTemporary: true });
  expect(findings).toMatchObject([{ code: "temporary-program", severity: "warning" }]);
});

test("a checkout of Keyspring in a temporary folder: its developer is only told", async () => {
  const platform = installed({
    execPath: "/usr/bin/node",
    script: "/tmp/clone/apps/cli/dist/keyspring.cjs",
    files: ["/tmp/clone/pnpm-workspace.yaml"],
  });
  const { line, findings } = await commandFor(platform, ["export"]);
  expect(line).toBe("/usr/bin/node /tmp/clone/apps/cli/dist/keyspring.cjs export");
  expect(findings).toMatchObject([{ code: "temporary-program" }]);
});

test("a home folder that is itself temporary: what lies in it is as good as any", async () => {
  const platform = installed({ execPath: "/usr/bin/node", script: "/tmp/home/.local/lib/keyspring.cjs" });
  expect((await commandFor(Object.assign(platform, { home: "/tmp/home" }), ["export"])).findings).toEqual([]);
  await expect(commandFor(Object.assign(platform, { home: "/tmp/other" }), ["export"])).rejects.toThrow(/the temporary folder/);
});

test("a path that goes with one version is told", async () => {
  const { findings } = await commandFor(
    installed({ execPath: `${HOME}/.nvm/versions/node/v20.20.2/bin/node`, script: "/opt/keyspring.cjs" }),
    ["export"],
  );
  expect(findings).toMatchObject([{ code: "versioned-program", severity: "info" }]);
});

test("exec leaves no shell in between; cmd.exe knows no such word", async () => {
  const linux = installed({ execPath: "/usr/bin/node", script: "/opt/keyspring.cjs" });
  expect((await commandFor(linux, ["export"], { exec: true })).line).toBe("exec /usr/bin/node /opt/keyspring.cjs export");
  const windows = installed({ os: "win32", execPath: "C:\\node.exe", script: "C:\\keyspring.cjs" });
  expect((await commandFor(windows, ["export"], { exec: true })).line).toBe("C:\\node.exe C:\\keyspring.cjs export");
});

test("any words come through /bin/sh as they are", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ unit: "binary" }).filter((word) => !/[\0\uD800-\uDFFF]/.test(word)),
        { minLength: 20, maxLength: 40 },
      ),
      (words) => {
        const line = commandLine("linux", ["/usr/bin/printf", "%s\\0", ...words]);
        const expected = words.map((word) => `${word}\0`).join("");
        expect(execFileSync("/bin/sh", ["-c", line], { encoding: "utf8" })).toBe(expected);
      },
    ),
    { numRuns: 8 },
  );
});

test("cmd.exe: what cannot be quoted is refused, a backslash before the closing quote is doubled", () => {
  expect(commandLine("win32", ["C:\\a b\\", "x&y"])).toBe('"C:\\a b\\\\" "x&y"');
  for (const word of ['a"b', "%PATH%", "a\nb"]) expect(() => commandLine("win32", [word])).toThrow(/cmd\.exe cannot pass on/);
});
