import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { exportedCredentials } from "../lib/expect.ts";
import { house, KEYSPRING, NODE, type House } from "../lib/house.ts";
import { describeWith, missingProgram } from "../lib/needs.ts";
import type { Running } from "../lib/process.ts";
import { putToken } from "../lib/signed-in.ts";
import { openTerminal } from "../lib/tmux.ts";

/** A command in the middle of something that takes long. */
interface Busy {
  readonly state: string;
  readonly argv: readonly string[];
  arrange(home: House): Promise<void>;
  /** Resolves when the command is in the middle of it. */
  reached(home: House, running: Running): Promise<unknown>;
}

const aws: Pick<Busy, "arrange" | "reached"> = {
  async arrange(home) {
    await putToken(home);
    await home.simulator.control.addFault({
      operation: "GetRoleCredentials",
      count: 1,
      effect: { kind: "latency", milliseconds: 60_000 },
    });
  },
  reached: ({ simulator }) =>
    simulator.control.waitFor({ operation: "GetRoleCredentials", outcome: "pending", timeout: 30_000 }),
};

const person: Pick<Busy, "arrange" | "reached"> = {
  arrange: async () => {},
  reached: (_home, { output }) => expect.poll(() => output().stdout + output().stderr, { timeout: 30_000 }).toContain("Code: "),
};

const BUSY: readonly Busy[] = [
  ...[["export"], ["process"], ["env", "--format", "sh"], ["refresh"], ["exec", "--", "true"]].map((argv) => ({
    state: `${argv[0]}, waiting for AWS`,
    argv,
    ...aws,
  })),
  ...[["login"], ["refresh"]].map((argv) => ({ state: `${argv[0]}, waiting for a person`, argv, ...person })),
  {
    state: "logout, waiting for AWS",
    argv: ["logout"],
    async arrange(home) {
      await putToken(home);
      await home.simulator.control.addFault({
        operation: "Logout",
        count: 1,
        effect: { kind: "latency", milliseconds: 60_000 },
      });
    },
    reached: ({ simulator }) => simulator.control.waitFor({ operation: "Logout", outcome: "pending", timeout: 30_000 }),
  },
  {
    state: "status --watch",
    argv: ["status", "--watch"],
    arrange: async () => {},
    reached: (_home, { output }) => expect.poll(() => output().stdout, { timeout: 30_000 }).toContain("PROFILE"),
  },
  {
    state: "demo",
    argv: ["demo"],
    arrange: async () => {},
    reached: (_home, { output }) => expect.poll(() => output().stdout, { timeout: 60_000 }).toContain("2. Signing in"),
  },
];

/** An organization with a script of its own. */
const scriptConfig = (command: string): string => `default_profile = "globex"
[organizations.globex]
source = "script"
[organizations.globex.options]
command = ["${command}"]
[profiles.globex]
organization = "globex"
`;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  describe(signal, () => {
    // One signal at all of them; the others at one of each kind.
    const some = signal === "SIGINT" ? BUSY : BUSY.filter(({ state }) => /^(?:export|login|status|demo)/.test(state));
    for (const busy of some) {
      const { state, argv } = busy;
      it(`${state}: ends with 130, says nothing wrong, leaves nothing`, async () => {
        const home = await house({ env: { TMPDIR: "/tmp" } });
        const tmp = home.path("tmp");
        home.write("tmp/.keep", "");
        await busy.arrange(home);
        const running = home.start(argv, { env: { ...home.env, TMPDIR: tmp, CLAUDE_CODE_USE_BEDROCK: "1" } });
        await busy.reached(home, running);
        running.child.kill(signal);
        const { exitCode, stderr } = await running.finished;
        expect({ exitCode, stderr }).toMatchObject({ exitCode: 130, stderr: expect.not.stringMatching(/^\s+at |keyspring:/m) });
        expect(readdirSync(tmp)).toEqual([".keep"]);
        const names = readdirSync(home.home, { recursive: true, encoding: "utf8" });
        expect(names.filter((name) => /\.tmp/.test(name))).toEqual([]);
        // Locks are free: the next command does its work.
        await putToken(home);
        exportedCredentials(await home.keyspring("export"));
      });
    }
  });
}

describe("children", () => {
  it("an organization's script that hangs with a child of its own: both end with the command", async () => {
    const home = await house({ config: undefined });
    const script = home.write(
      "opt/hang",
      `#!/bin/sh\nsleep 300 &\necho $! > "${home.path("pids")}"\necho $$ >> "${home.path("pids")}"\nwait\n`,
      0o700,
    );
    home.write(".config/keyspring/config.toml", scriptConfig(script));
    const running = home.start(["export"]);
    const pids = (): number[] => {
      try {
        return readFileSync(home.path("pids"), "utf8").trim().split("\n").map(Number);
      } catch {
        return [];
      }
    };
    await expect.poll(() => pids().length, { timeout: 30_000 }).toBe(2);
    running.child.kill("SIGTERM");
    expect(await running.finished).toMatchObject({ exitCode: 130, stdout: "", stderr: "" });
    expect(pids().filter(isAlive)).toEqual([]);
  });

  it("standard input that never ends is not waited for, and never read", async () => {
    const home = await house();
    await putToken(home);
    for (const argv of [["export"], ["process"], ["refresh"], ["status"], ["explain"], ["env", "--format", "json"]]) {
      expect(await home.start(argv, { stdin: "open" }).finished).toMatchObject({ exitCode: 0 });
    }
    const script = `for c in export process refresh status login logout; do "${NODE}" "${KEYSPRING}" $c; done >/dev/null 2>&1; cat`;
    expect(await home.run("sh", ["-c", script], { stdin: { text: "mine\n" } })).toMatchObject({ stdout: "mine\n" });
  });
});

describe("readers that go away", () => {
  const LINES: readonly (readonly [state: string, line: string, codes: string])[] = [
    ["status, reader gone", "k status | true", "0"],
    ["export, reader gone", "k export | true", "0"],
    ["completion bash, reader takes one line", "k completion bash | head -1 >/dev/null", "0"],
    ["help, reader gone", "k --help | true", "0"],
    ["standard output closed", "k status >&- | true", "0"],
    ["standard error closed", "k export --profile nobody 2>&- | true", "2"],
    ["all closed", "k status >&- 2>&- <&- | true", "0"],
    ["export onto a full disk", "k export >/dev/full | true", "2"],
  ];
  it("every one ends quietly with its own exit code", async () => {
    const home = await house();
    await putToken(home);
    await home.keyspring("export");
    for (const [state, line, code] of LINES) {
      const script = `k() { "${NODE}" "${KEYSPRING}" "$@"; }; ${line}; echo "\${PIPESTATUS[0]}"`;
      const { stdout, stderr } = await home.run("bash", ["-c", script]);
      expect({ state, code: stdout }).toEqual({ state, code: `${code}\n` });
      expect(stderr, state).not.toMatch(/EPIPE|EBADF|^\s+at /m);
    }
  });
});

describeWith("Ctrl-C in a terminal", missingProgram("tmux", "-V"), () => {
  it("login waiting for a person: 130, and the prompt is back", async () => {
    const home = await house();
    const terminal = openTerminal(NODE, [KEYSPRING, "login"], { env: { ...home.env, TERM: "xterm" }, cwd: home.home });
    await terminal.shows("Code: ");
    terminal.press("C-c");
    expect(await terminal.ended()).toBe(130);
  });

  it("a script's own sign-in at the terminal: both end, 130", async () => {
    const home = await house({ config: undefined });
    const script = home.write("opt/never", "#!/bin/sh\nexit 9\n", 0o700);
    const login = home.write("opt/login", '#!/bin/sh\nprintf "Password: "\nread answer\necho "got $answer"\n', 0o700);
    home.write(
      ".config/keyspring/config.toml",
      `default_profile = "globex"\n[profiles.globex]\nsource = "script"\n[profiles.globex.options]\ncommand = ["${script}"]\nsign_in_command = ["${login}"]\n`,
    );
    const terminal = openTerminal(NODE, [KEYSPRING, "login"], { env: { ...home.env, TERM: "xterm" }, cwd: home.home });
    await terminal.shows("Password:");
    terminal.press("C-c");
    expect(await terminal.ended()).toBe(130);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A zombie has ended; only nobody has looked yet.
  return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}
