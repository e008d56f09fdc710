import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { optionsFrom } from "./command-line.ts";
import { simulatorControl } from "./index.ts";

function run(...args: string[]): ChildProcess {
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  return spawn(process.execPath, ["--conditions=@keyspring/source", main, ...args], { stdio: ["ignore", "pipe", "pipe"] });
}

async function outputOf(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const texts = { stdout: "", stderr: "" };
  child.stdout!.on("data", (chunk: Buffer) => (texts.stdout += chunk.toString()));
  child.stderr!.on("data", (chunk: Buffer) => (texts.stderr += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...texts };
}

test("as a process: one line of JSON, then service until SIGTERM", { timeout: 30_000 }, async () => {
  const child = run("--role-lifetime", "60s", "--control-token", "chosen", "--auto-approve", "bob");
  const ended = outputOf(child);
  const [line] = (await once(child.stdout!, "data")) as [Buffer];
  const started = JSON.parse(line.toString()) as { url: string; controlToken: string; environment: Record<string, string> };
  expect(started.controlToken).toBe("chosen");
  expect(started.environment["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"]).toBe(started.url);
  const { settings } = await simulatorControl(started.url, "chosen").state();
  expect(settings).toMatchObject({ roleLifetime: 60_000, autoApprove: { userName: "bob" } });
  child.kill("SIGTERM");
  expect(await ended).toMatchObject({ code: 0, stderr: "" });
});

test("what cannot be understood: two lines and exit 2", { timeout: 30_000 }, async () => {
  const { code, stdout, stderr } = await outputOf(run("--role-lifetime", "soon"));
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toBe(
    "keyspring-aws-simulator: --role-lifetime: soon is no duration such as 60s or 1h30m\nTry: keyspring-aws-simulator --help\n",
  );
});

test("options", () => {
  expect(optionsFrom(["--help"], {})).toBe("help");
  expect(optionsFrom(["--port", "8080"], { KEYSPRING_SIMULATOR_CONTROL_TOKEN: "t" })).toEqual({
    port: 8080,
    controlToken: "t",
    settings: {},
  });
  expect(optionsFrom(["--auto-approve=", "--auto-approve-delay", "2s"], {})).toEqual({
    settings: { autoApprove: { delay: 2000 } },
  });
  expect(() => optionsFrom(["--port", "http"], {})).toThrow("http is no port");
  expect(() => optionsFrom(["--prot", "1"], {})).toThrow("--prot");
});
