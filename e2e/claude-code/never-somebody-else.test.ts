import { existsSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { house, type House } from "../lib/house.ts";
import { OTHER_IDENTITIES } from "../lib/other-identities.ts";
import { start, type Finished, type Running } from "../lib/process.ts";
import { WAYS_TO_FAIL, type WayToFail } from "../lib/ways-to-fail.ts";

/** Values of CLAUDE_CODE_ENTRYPOINT: its terminal interface and `claude -p`. */
const ENTRYPOINTS = ["cli", "sdk-cli"];

interface Killed extends WayToFail {
  readonly signal: NodeJS.Signals;
  readonly whom: "program" | "group";
}

const killed = (name: string, signal: NodeJS.Signals, whom: Killed["whom"]): Killed => {
  return { name, signal, whom, arrange: hanging, told: /./ };
};
const isKilled = (way: WayToFail): way is Killed => "signal" in way;
const KILLED: readonly Killed[] = [
  killed("killed while it runs", "SIGKILL", "program"),
  killed("told to end while it runs", "SIGTERM", "group"),
  killed("Ctrl-C while it runs", "SIGINT", "group"),
  killed("the terminal hangs up while it runs", "SIGHUP", "group"),
];

/** Whoever fails, Claude Code must get credentials: without any it would ask Bedrock as whoever the machine is. */
describe.concurrent("export as Claude Code runs it, with another identity within reach", () => {
  for (const [identity, putThere] of Object.entries(OTHER_IDENTITIES)) {
    it.for([...WAYS_TO_FAIL, ...KILLED])(`${identity}; $name`, async (way, { onTestFinished }) => {
      const at = await house({ onFinished: onTestFinished });
      const other = await putThere(at);
      expect(await at.keyspring("settings", "apply")).toMatchObject({ exitCode: 0 });
      const { awsCredentialExport } = JSON.parse(at.read(".claude/settings.json")) as { awsCredentialExport: string };
      await way.arrange(at);

      for (const entrypoint of ENTRYPOINTS) {
        const env = { ...at.env, ...other.env, CLAUDE_CODE_ENTRYPOINT: entrypoint };
        const running = start("/bin/sh", ["-c", way.line?.(awsCredentialExport) ?? awsCredentialExport], {
          env,
          stdin: "open",
        });
        if (isKilled(way)) await sendOnceHanging(at, running, way);
        expectRefused(await running.finished, entrypoint);
      }
      const requests = await at.simulator.control.requests();
      expect(requests.filter(({ principal }) => principal?.startsWith(other.principal))).toEqual([]);
    });
  }
});

/** One line that Claude Code takes for credentials, and that AWS refuses. */
function expectRefused({ exitCode, stdout }: Finished, entrypoint: string): void {
  expect({ exitCode, lines: stdout.split("\n").length }, stdout).toEqual({ exitCode: 0, lines: 2 });
  const { Credentials } = JSON.parse(stdout) as { Credentials: Record<string, string> };
  expect(Object.keys(Credentials)).toEqual(["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"]);
  expect(Credentials["AccessKeyId"]).toBe("ASIAKEYSPRINGNOTREAL");
  expect(Date.parse(Credentials["Expiration"]!)).toBeGreaterThan(Date.now() + 6 * 60_000);
  // `claude -p` fails at once, because no header can carry this; the others ask again.
  expect(/^[\x20-\x7e]+$/.test(Credentials["SessionToken"]!)).toBe(entrypoint !== "sdk-cli");
}

/** A script that never ends, and says who runs it. */
function hanging(at: House): void {
  const program = at.write("opt/grant.sh", `#!/bin/sh\necho $PPID >"${at.path("hanging")}"\nexec sleep 20\n`, 0o700);
  const config = `[profiles.acme]\nsource = "script"\n[profiles.acme.options]\ncommand = ["${program}"]\n`;
  at.write(".config/keyspring/config.toml", config);
}

/** Sends the signal when the script is at work: to Keyspring alone, or to the whole group as a terminal does. */
async function sendOnceHanging(at: House, { child }: Running, { signal, whom }: Killed): Promise<void> {
  const file = at.path("hanging");
  while (!existsSync(file) || at.read("hanging") === "") await sleep(50);
  const program = Number(at.read("hanging"));
  rmSync(file);
  process.kill(whom === "group" ? -child.pid! : program, signal);
}
