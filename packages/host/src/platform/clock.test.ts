import { describe, expect, test } from "vitest";
import { systemClock as clock } from "./clock.ts";
import { inNode } from "./testing/in-node.ts";

describe("sleeping", () => {
  test("takes its time", async () => {
    const begin = performance.now();
    await clock.sleep(50);
    expect(performance.now() - begin).toBeGreaterThan(45);
  });

  test("cancelled before and in between: rejects with the reason", async () => {
    await expect(clock.sleep(10_000, AbortSignal.abort(new Error("before")))).rejects.toThrow("before");
    const cancel = new AbortController();
    const sleeping = clock.sleep(10_000, cancel.signal);
    cancel.abort(new Error("between"));
    await expect(sleeping).rejects.toThrow("between");
  });

  test("longer than a timer can be: does not end at once", async () => {
    const cancel = new AbortController();
    const sleeping = clock.sleep(2 ** 40, cancel.signal);
    const first = await Promise.race([sleeping.then(() => "ended"), clock.sleep(50).then(() => "sleeps")]);
    cancel.abort(new Error("enough"));
    await expect(sleeping).rejects.toThrow("enough");
    expect(first).toBe("sleeps");
  });
});

describe("deadlines", () => {
  test("passed: TIMED_OUT", async () => {
    const { signal } = clock.deadline(20);
    await clock.sleep(60);
    expect(signal.reason).toMatchObject({ code: "TIMED_OUT", message: "nothing came within 20 ms" });
  });

  test("cleared: never", async () => {
    const deadline = clock.deadline(20);
    deadline.clear();
    await clock.sleep(60);
    expect(deadline.signal.aborted).toBe(false);
  });

  test("parent aborted, before and after: its reason", () => {
    const parent = new AbortController();
    const deadline = clock.deadline(10_000, parent.signal);
    const reason = new Error("parent");
    parent.abort(reason);
    expect([deadline.signal.reason, clock.deadline(10_000, parent.signal).signal.reason]).toEqual([reason, reason]);
  });

  test("keep no process alive", async () => {
    const app = inNode(
      `import { systemClock } from "${import.meta.dirname}/clock.ts"; systemClock.deadline(60_000); console.log("done");`,
    );
    expect(await app.exit()).toBe(0);
  });
});
