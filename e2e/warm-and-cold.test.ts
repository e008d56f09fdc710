import { describe, expect, it } from "vitest";
import { expectFailure, exportedCredentials } from "./lib/expect.ts";
import { house } from "./lib/house.ts";

describe("export", () => {
  it("not signed in: exits with 3 and says what to type", async () => {
    const { keyspring } = await house();
    expectFailure(await keyspring("export"), 3, /keyspring login --profile acme/);
  });

  it("not signed in, refresh, approved: address and code on standard output, then warm", async () => {
    const { keyspring, simulator } = await house();
    await simulator.control.configure({ autoApprove: { delay: 300 } });
    const refresh = await keyspring("refresh");
    expect(refresh).toMatchObject({ exitCode: 0, stderr: "" });
    expect(refresh.stdout).toMatch(/Sign in at: http\S+\nCode: \S+\n/);
    const before = await simulator.control.counts();
    exportedCredentials(await keyspring("export"));
    expect(await keyspring("refresh")).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
    expect(await simulator.control.counts()).toEqual(before);
  });
});
