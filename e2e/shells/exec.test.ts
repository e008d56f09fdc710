import { describe, expect, it } from "vitest";
import { house, KEYSPRING, NODE, type House } from "../lib/house.ts";
import { describeWith, missingProgram } from "../lib/needs.ts";
import type { Finished } from "../lib/process.ts";
import { putToken } from "../lib/signed-in.ts";
import { openTerminal } from "../lib/tmux.ts";

async function signedIn(): Promise<House> {
  const home = await house();
  await putToken(home);
  return home;
}

const sh = (home: House, script: string): Promise<Finished> => home.keyspring("exec", "--", "sh", "-c", script);

describe("exec", () => {
  it("somebody else's credentials around: the command sees these alone, and the rest of its environment", async () => {
    const home = await signedIn();
    const others = {
      AWS_PROFILE: "somebody-else",
      AWS_DEFAULT_PROFILE: "somebody-else",
      AWS_ACCESS_KEY_ID: "AKIASOMEBODYELSE0000",
      AWS_SESSION_TOKEN: "somebody else's",
      AWS_SECURITY_TOKEN: "somebody else's",
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/",
      AWS_WEB_IDENTITY_TOKEN_FILE: "/nowhere",
      AWS_ROLE_ARN: "arn:aws:iam::210987654321:role/Other",
      AWS_BEARER_TOKEN_BEDROCK: "somebody else's",
    };
    const { exitCode, stdout } = await home.start(["exec", "--", NODE, "-p", "JSON.stringify(process.env)"], {
      env: { ...home.env, ...others, MINE: "kept" },
    }).finished;
    expect(exitCode).toBe(0);
    const seen = JSON.parse(stdout) as Record<string, string>;
    expect(seen).toMatchObject({ MINE: "kept", HOME: home.home, AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/) });
    expect(Object.values(seen).filter((value) => /somebody|AKIASOMEBODY|nowhere|Other/.test(value))).toEqual([]);
    expect(
      Object.keys(seen)
        .filter((name) => name.startsWith("AWS_") && !name.startsWith("AWS_ENDPOINT_URL"))
        .toSorted(),
    ).toEqual([
      "AWS_ACCESS_KEY_ID",
      "AWS_ACCOUNT_ID",
      "AWS_CREDENTIAL_EXPIRATION",
      "AWS_EC2_METADATA_DISABLED",
      "AWS_SECRET_ACCESS_KEY",
      "AWS_SESSION_TOKEN",
    ]);
  });

  it("how the command ends is how exec ends: exit codes, signals, missing and unusable programs", async () => {
    const home = await signedIn();
    await home.keyspring("export");
    const notExecutable = home.write("plain.txt", "no program\n", 0o600);
    const codes = await Promise.all([
      sh(home, "exit 0"),
      sh(home, "exit 3"),
      sh(home, "exit 200"),
      sh(home, "kill -KILL $$"),
      sh(home, "kill -TERM $$"),
      home.keyspring("exec", "--", "no-such-program"),
      home.keyspring("exec", "--", notExecutable),
    ]);
    expect(codes.map(({ exitCode }) => exitCode)).toEqual([0, 3, 200, 137, 143, 127, 126]);
    expect(codes.slice(0, 5).map(({ stderr }) => stderr)).toEqual(["", "", "", "", ""]);
    expect(codes[5].stderr).toMatch(/^keyspring: .*no-such-program.*\n.+\n$/);
    expect(codes[6].stderr).toMatch(/^keyspring: .*plain\.txt.*\nMake it executable: chmod \+x .*\n$/);
  });

  it("options after the command belong to the command", async () => {
    const home = await signedIn();
    expect(await home.keyspring("exec", "--profile", "acme", "--", "echo", "--profile", "x", "--json")).toMatchObject({
      exitCode: 0,
      stdout: "--profile x --json\n",
    });
    expect(await home.keyspring("exec", "printf", "%s\\n", "--help")).toMatchObject({ exitCode: 0, stdout: "--help\n" });
  });

  it("standard input passes through", async () => {
    const home = await signedIn();
    const text = "a line\n".repeat(20_000);
    const { exitCode, stdout } = await home.start(["exec", "--", "wc", "-c"], { stdin: { text } }).finished;
    expect({ exitCode, stdout: stdout.trim() }).toEqual({ exitCode: 0, stdout: String(text.length) });
  });

  for (const [signal, number] of [
    ["SIGTERM", 15],
    ["SIGINT", 2],
    ["SIGHUP", 1],
    ["SIGUSR1", 10],
  ] as const) {
    it(`${signal}: reaches the command, which decides how to end`, async () => {
      const home = await signedIn();
      const script = `trap 'echo caught; exit 42' ${signal.slice(3)}; echo ready; while :; do sleep 0.05; done`;
      const catching = home.start(["exec", "--", "sh", "-c", script]);
      const dying = home.start(["exec", "--", "sh", "-c", "echo ready; exec sleep 60"]);
      for (const { child, output } of [catching, dying]) {
        await expect.poll(() => output().stdout, { timeout: 30_000 }).toBe("ready\n");
        child.kill(signal);
      }
      expect(await catching.finished).toMatchObject({ exitCode: 42, stdout: "ready\ncaught\n", stderr: "" });
      expect(await dying.finished).toMatchObject({ exitCode: 128 + number, stderr: "" });
    });
  }

  it("not signed in: the command is not run at all", async () => {
    const home = await house();
    const { exitCode, stdout, stderr } = await sh(home, "echo ran");
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("Run: keyspring login --profile acme");
  });
});

describeWith("exec in a terminal", missingProgram("tmux", "-V"), () => {
  it("Ctrl-C goes to the command alone, which may go on", async () => {
    const home = await signedIn();
    const script = `trap 'echo got it' INT; echo ready; n=0; while [ $n -lt 2 ]; do read line && echo "read $line" && n=$((n+1)); done; exit 7`;
    const terminal = openTerminal(NODE, [KEYSPRING, "exec", "--", "bash", "-c", script], {
      env: { ...home.env, TERM: "xterm" },
      cwd: home.home,
    });
    await terminal.shows("ready");
    await terminal.type("one");
    await terminal.shows("read one");
    terminal.press("C-c");
    await terminal.shows("got it");
    await terminal.type("two");
    await terminal.shows("read two");
    expect(await terminal.ended()).toBe(7);
  });

  it("a command that ends by Ctrl-C: 130", async () => {
    const home = await signedIn();
    const terminal = openTerminal(NODE, [KEYSPRING, "exec", "--", "sh", "-c", "echo ready; exec sleep 60"], {
      env: { ...home.env, TERM: "xterm" },
      cwd: home.home,
    });
    await terminal.shows("ready");
    terminal.press("C-c");
    expect(await terminal.ended()).toBe(130);
  });

  it("a program that owns the whole screen works", async () => {
    const home = await signedIn();
    const text = home.write("poem", Array.from({ length: 300 }, (_, line) => `verse ${line + 1}\n`).join(""));
    const terminal = openTerminal(NODE, [KEYSPRING, "exec", "--", "less", text], {
      env: { ...home.env, TERM: "xterm" },
      cwd: home.home,
    });
    await terminal.shows("verse 1\n");
    terminal.press("G");
    await terminal.shows("verse 300");
    terminal.press("q");
    expect(await terminal.ended()).toBe(0);
  });
});
