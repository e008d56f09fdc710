import * as nodeCrypto from "node:crypto";
import * as nodePath from "node:path";
import type { Http, HttpAnswer, HttpRequest, Lock, Locks, Platform, Processes, RunRequest, RunResult } from "../platform.ts";
import { fakeClock, type FakeClock } from "./fake-clock.ts";
import { fakeFiles, type FakeFiles } from "./fake-files.ts";

export interface FakePlatform extends Platform {
  readonly clock: FakeClock;
  readonly files: FakeFiles;
  /** Every request made, oldest first. */
  readonly requests: HttpRequest[];
  /** Every child process started, oldest first. */
  readonly runs: RunRequest[];
}

export interface FakePlatformOptions {
  os?: Platform["os"];
  env?: Record<string, string | undefined>;
  home?: string;
  cwd?: string;
  uid?: number;
  /** What the network answers; throwing is failing. Default: nothing may be asked. */
  answer?: (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>;
  /** How child processes end. Default: nothing may be run. */
  run?: (request: RunRequest) => Partial<RunResult> | Promise<Partial<RunResult>>;
  caller?: Awaited<ReturnType<Processes["caller"]>>;
}

/** A machine in memory: the parameter of every unit test. */
export function fakePlatform(options: FakePlatformOptions = {}): FakePlatform {
  const os = options.os ?? "linux";
  const path = os === "win32" ? nodePath.win32 : nodePath.posix;
  const home = options.home ?? (os === "win32" ? "C:\\Users\\ada" : "/home/ada");
  const clock = fakeClock();
  const files = fakeFiles({ uid: options.uid ?? 1000, now: () => clock.now() });
  const requests: HttpRequest[] = [];
  const runs: RunRequest[] = [];
  let seed = 0;
  const http: Http = {
    async request(request) {
      requests.push(request);
      if (options.answer === undefined) throw new Error(`unexpected request: ${request.method} ${request.url}`);
      return options.answer(request);
    },
  };
  const processes: Processes = {
    async run(request) {
      runs.push(request);
      if (options.run === undefined) throw new Error(`unexpected process: ${JSON.stringify(request.command)}`);
      const result = await options.run(request);
      for (const from of ["stdout", "stderr"] as const)
        for (const line of (result[from] ?? "").split("\n")) if (line !== "") request.onLine?.(line, from);
      return { outcome: "exited", exitCode: 0, signal: undefined, stdout: "", stderr: "", ...result };
    },
    async runInPlace({ command, env }) {
      const { outcome, exitCode } = await processes.run({
        command,
        env,
        signal: new AbortController().signal,
        streams: "terminal",
      });
      const missing = outcome === "not-found" || outcome === "not-executable";
      return { outcome: missing ? outcome : "exited", exitCode: exitCode ?? 1 };
    },
    caller: async () => options.caller,
  };
  return {
    os,
    env: options.env ?? {},
    home,
    cwd: options.cwd ?? home,
    user: { uid: os === "win32" ? undefined : (options.uid ?? 1000), name: "ada" },
    self: {
      pid: 4242,
      parentPid: 4241,
      execPath: "/usr/bin/node",
      script: "/usr/lib/node_modules/keyspring/dist/keyspring.cjs",
    },
    path,
    clock,
    files,
    locks: fakeLocks(),
    processes,
    http,
    random: (bytes) => Uint8Array.from({ length: bytes }, () => (seed = (seed * 31 + 7) % 256)),
    digest: (algorithm, text) => nodeCrypto.createHash(algorithm).update(text).digest("hex"),
    requests,
    runs,
  };
}

/** Locks within one test: first come, first served. */
function fakeLocks(): Locks {
  const queues = new Map<string, (() => void)[]>();
  const take = (path: string): Lock => {
    let held = true;
    return {
      async release() {
        if (!held) return;
        held = false;
        const next = queues.get(path)!.shift();
        if (next === undefined) queues.delete(path);
        else next();
      },
    };
  };
  return {
    async tryAcquire(path) {
      if (queues.has(path)) return undefined;
      queues.set(path, []);
      return take(path);
    },
    acquire: (path, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const queue = queues.get(path);
        if (queue === undefined) {
          queues.set(path, []);
          return resolve(take(path));
        }
        const turn = (): void => resolve(take(path));
        queue.push(turn);
        signal.addEventListener("abort", () => {
          if (queue.includes(turn)) queue.splice(queue.indexOf(turn), 1);
          reject(signal.reason);
        });
      }),
  };
}
