import { spawn, spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { neverFailing, neverSilent } from "./never-failing.ts";
import { REFUSED } from "./refused-credentials.ts";

const linux = { os: "linux" } as const;
const SHELLS = [["sh"], ["dash"], ["bash"], ["bash", "--posix"], ["busybox", "sh"]].filter(
  ([program, ...args]) => spawnSync(program!, [...args, "-c", "true"]).status === 0,
);

const credentials = (text: string): Record<string, string> =>
  (JSON.parse(text) as { Credentials: Record<string, string> }).Credentials;

describe.each(SHELLS)("%s %s", (...shell: string[]) => {
  const [program, ...args] = shell.filter((word) => typeof word === "string");

  const run = async (command: string, entrypoint: string, signal?: NodeJS.Signals) => {
    const child = spawn(program!, [...args, "-c", command], {
      env: { PATH: process.env["PATH"], CLAUDE_CODE_ENTRYPOINT: entrypoint },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      if (signal !== undefined && text.includes("ready")) process.kill(-child.pid!, signal);
    });
    const exitCode = await new Promise((resolve) => child.once("close", resolve));
    return { exitCode, stdout };
  };
  it("the command succeeds: its words and nothing else", async () => {
    expect(await run(neverFailing(linux, "echo fine"), "cli")).toEqual({ exitCode: 0, stdout: "fine\n" });
    expect(await run(neverSilent(linux, "true", "prompt"), "cli")).toEqual({ exitCode: 0, stdout: "" });
  });

  it.each(["false", "/no/such/program export", "sh -c 'kill -KILL $$'"])(
    "%s: credentials that AWS refuses",
    async (command) => {
      const { exitCode, stdout } = await run(neverFailing(linux, command), "cli");
      expect(exitCode).toBe(0);
      expect(credentials(stdout)).toEqual({ ...REFUSED, Expiration: "2035-01-01T00:00:00Z" });
    },
  );

  it.each(["sdk-cli", "sdk-ts"])("it fails for %s: credentials that cannot even be sent", async (entrypoint) => {
    const { exitCode, stdout } = await run(neverFailing(linux, "false"), entrypoint);
    expect(exitCode).toBe(0);
    expect(credentials(stdout)["SessionToken"]).toMatch(/[^\0-\u00ff]/);
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "%s to all of them: the shell lives to hear the command",
    async (signal) => {
      // The command was started deaf to these signals, as everything is that such a shell starts; a program that wants to hear them can.
      const node = `${process.execPath} -e "process.on('${signal}', () => { console.log('heard'); process.exit(0); }); console.log('ready'); setTimeout(() => {}, 9000)"`;
      expect((await run(neverFailing(linux, node), "cli", signal)).stdout).toBe("ready\nheard\n");
    },
  );

  it("the hook is gone: the terminal interface is told, and a prompt held back", async () => {
    const { stdout } = await run(neverSilent(linux, "/no/such/program", "prompt"), "cli");
    expect(JSON.parse(stdout)).toEqual({ decision: "block", reason: expect.stringMatching(/npm install -g keyspring/) });
    expect(JSON.parse((await run(neverSilent(linux, "false", "start"), "cli")).stdout)).toHaveProperty("systemMessage");
    expect(await run(neverSilent(linux, "false", "prompt"), "sdk-cli")).toEqual({ exitCode: 0, stdout: "" });
  });
});

it("Windows: cmd.exe answers for it", () => {
  expect(neverFailing({ os: "win32" }, "keyspring export")).toMatch(
    /^keyspring export \|\| echo \{"Credentials":\{"AccessKeyId":"ASIA/,
  );
});
