/**
 * Runs the tests where the network is nothing but loopback, so that no test can reach out and the real Claude Code can be let loose:
 * in a network namespace of their own where the system allows that, else as they are (the tests that need one then say so and skip).
 */
import { spawn, spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";

const root = join(import.meta.dirname, "..");
const args = process.argv.slice(2);
const vitest = [process.execPath, join(root, "node_modules/vitest/vitest.mjs"), "run", ...args];
const isRoot = process.getuid?.() === 0;
const unshare = ["unshare", "--net", ...(isRoot ? [] : ["--map-current-user", "--keep-caps"])];
const inside = [...unshare, "sh", "-c", 'ip link set lo up && exec "$@"', "sh"];
const canIsolate =
  process.platform === "linux" && spawnSync(inside[0]!, [...inside.slice(1), "true"], { stdio: "ignore" }).status === 0;

const env: NodeJS.ProcessEnv = { ...process.env, KEYSPRING_TEST_NODE: process.env["KEYSPRING_TEST_NODE"] ?? peoplesNode() };
if (canIsolate) env["KEYSPRING_TEST_NAMESPACE"] = "1";
else console.error("No network namespace can be made here: the tests with the real Claude Code will be skipped.");
const [program, ...rest] = canIsolate ? [...inside, ...vitest] : vitest;
const child = spawn(program!, rest, { cwd: root, env, stdio: "inherit" });
child.on("exit", (code, signal) => {
  process.exitCode = code ?? (signal === null ? 1 : 128);
});

/** The product runs on the Node that people have, not on the newer one that this workspace brings for its tools. */
function peoplesNode(): string {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules"));
  const found = folders.map((folder) => join(folder, "node")).find((path) => spawnSync(path, ["--version"]).status === 0);
  return found ?? process.execPath;
}
