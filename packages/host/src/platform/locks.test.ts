import { mkdtempSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { inNode, type InNode } from "./testing/in-node.ts";
import { isSameFile, systemLocks as locks } from "./locks.ts";

const root = mkdtempSync(join(tmpdir(), "keyspring-locks-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;
const fresh = (): string => join(root, `${(count += 1)}`, "x.lock");
const soon = (): AbortSignal => AbortSignal.timeout(5000);

/** A process that takes the lock, says so, and keeps it until it is ended. */
function holder(file: string): InNode {
  return inNode(
    `import { systemLocks } from "${import.meta.dirname}/locks.ts";
     await systemLocks.acquire(process.argv[1], AbortSignal.timeout(5000));
     console.log("held");
     setInterval(() => globalThis.gc?.(), 50);`,
    [file],
  );
}

describe("within one process", () => {
  test("held: nobody else gets it until it is released; release twice is fine", async () => {
    const file = fresh();
    const first = await locks.tryAcquire(file);
    expect(first).toBeDefined();
    expect(await locks.tryAcquire(file)).toBeUndefined();
    await first!.release();
    await first!.release();
    const second = await locks.tryAcquire(file);
    expect(second).toBeDefined();
    await second!.release();
  });

  test("the file: for this user alone, kept", async () => {
    const file = fresh();
    await (await locks.acquire(file, soon())).release();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("waiting, then cancelled: rejects with the reason and takes nothing", async () => {
    const file = fresh();
    const lock = await locks.acquire(file, soon());
    const cancel = new AbortController();
    const waiting = locks.acquire(file, cancel.signal);
    cancel.abort(new Error("no longer wanted"));
    await expect(waiting).rejects.toThrow("no longer wanted");
    await lock.release();
    const next = await locks.tryAcquire(file);
    expect(next).toBeDefined();
    await next!.release();
  });

  test("file removed while held: whoever comes next makes a new one and does not wait for ever", async () => {
    const file = fresh();
    const old = await locks.acquire(file, soon());
    unlinkSync(file);
    const next = await locks.acquire(file, soon());
    await Promise.all([old.release(), next.release()]);
  });

  test("a hundred at once: one at a time", async () => {
    const file = fresh();
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        const lock = await locks.acquire(file, AbortSignal.timeout(20_000));
        most = Math.max(most, (inside += 1));
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
        await lock.release();
      }),
    );
    expect(most).toBe(1);
  }, 25_000);
});

describe("between processes", () => {
  test("holder killed: the next one has it at once", async () => {
    const file = fresh();
    const other = holder(file);
    expect(await other.line()).toBe("held");
    expect(await locks.tryAcquire(file)).toBeUndefined();
    const waiting = locks.acquire(file, soon());
    await new Promise((resolve) => setTimeout(resolve, 300));
    const killed = performance.now();
    await other.kill();
    await (await waiting).release();
    expect(performance.now() - killed).toBeLessThan(1000);
  }, 15_000);

  test("child of a holder does not keep the lock", async () => {
    const file = fresh();
    const lock = await locks.acquire(file, soon());
    const child = inNode(`console.log("up"); setInterval(() => {}, 1000);`);
    await child.line();
    await lock.release();
    const next = await locks.tryAcquire(file);
    expect(next).toBeDefined();
    await next!.release();
    await child.kill();
  }, 15_000);

  test("twenty contenders: no step is lost", async () => {
    const file = fresh();
    const counter = join(root, "counter");
    writeFileSync(counter, "0");
    const contender = `
      import { readFileSync, writeFileSync } from "node:fs";
      import { systemLocks } from "${import.meta.dirname}/locks.ts";
      for (let n = 0; n < 5; n += 1) {
        const lock = await systemLocks.acquire(process.argv[1], AbortSignal.timeout(30000));
        const value = Number(readFileSync(process.argv[2], "utf8"));
        await new Promise((resolve) => setTimeout(resolve, 1));
        writeFileSync(process.argv[2], String(value + 1));
        await lock.release();
      }`;
    const all = Array.from({ length: 20 }, () => inNode(contender, [file, counter]));
    expect(new Set(await Promise.all(all.map((one) => one.exit())))).toEqual(new Set([0]));
    expect(readFileSync(counter, "utf8")).toBe("100");
  }, 60_000);
});

test("Windows, where Node 22.12 to 22.16 and 24.0 tell no volume of a path: still the same file", () => {
  expect(isSameFile({ ino: 7, dev: 0 }, { ino: 7, dev: 12 }, "win32")).toBe(true);
  expect(isSameFile({ ino: 7, dev: 0 }, { ino: 8, dev: 0 }, "win32")).toBe(false);
  expect(isSameFile({ ino: 7, dev: 1 }, { ino: 7, dev: 2 }, "linux")).toBe(false);
});
