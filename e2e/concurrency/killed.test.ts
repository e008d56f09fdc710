import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exportedCredentials } from "../lib/expect.ts";
import { house, type House } from "../lib/house.ts";
import type { Running } from "../lib/process.ts";
import { putToken } from "../lib/signed-in.ts";

const codeShown = ({ output }: Running): string | undefined => /^Code: (\S+)$/m.exec(output().stdout + output().stderr)?.[1];

function temporaryFiles(home: House): string[] {
  return readdirSync(home.home, { recursive: true, encoding: "utf8" }).filter((name) => /\.tmp/.test(name));
}

describe("killed in the middle", () => {
  it("the holder of the lock: the next goes on at once and answers", async () => {
    const home = await house();
    const { control } = home.simulator;
    await putToken(home);
    // The first request hangs far longer than anybody may wait for the lock.
    await control.addFault({ operation: "GetRoleCredentials", count: 1, effect: { kind: "latency", milliseconds: 30_000 } });
    const holder = home.start(["export"]);
    await control.waitFor({ operation: "GetRoleCredentials", outcome: "pending" });
    const waiting = Array.from({ length: 5 }, () => home.start(["export"]));
    holder.child.kill("SIGKILL");
    const keys = (await Promise.all(waiting.map(({ finished }) => finished))).map(
      (result) => exportedCredentials(result).AccessKeyId,
    );
    expect(new Set(keys).size).toBe(1);
    expect(await holder.finished).toMatchObject({ signal: "SIGKILL", stdout: "" });
    // The one that was killed never got an answer.
    expect((await control.requests({ operation: "GetRoleCredentials", outcome: "ok" })).length).toBeLessThanOrEqual(1 + 1);
  });

  it("who shows a sign-in: the next in line goes on with the same code", async () => {
    const home = await house();
    const { control } = home.simulator;
    const first = home.start(["refresh"]);
    await expect.poll(() => codeShown(first), { timeout: 30_000 }).toBeDefined();
    const second = home.start(["refresh"]);
    await expect.poll(() => codeShown(second), { timeout: 30_000 }).toBeDefined();
    first.child.kill("SIGKILL");
    await first.finished;
    const third = home.start(["login"]);
    await expect.poll(() => codeShown(third), { timeout: 30_000 }).toBeDefined();
    expect([codeShown(second), codeShown(third)]).toEqual([codeShown(first), codeShown(first)]);
    await control.approve({ userCode: codeShown(first)! });
    expect(await second.finished).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await third.finished).toMatchObject({ exitCode: 0 });
    expect((await control.counts())["sso-oidc/StartDeviceAuthorization"]).toBe(1);
  });

  it("alone and killed while showing a sign-in, approved meanwhile: the next command is signed in by it", async () => {
    const home = await house();
    const { control } = home.simulator;
    const first = home.start(["login"]);
    await expect.poll(() => codeShown(first), { timeout: 30_000 }).toBeDefined();
    first.child.kill("SIGKILL");
    await first.finished;
    await control.approve({ userCode: codeShown(first)! });
    expect(await home.keyspring("refresh")).toMatchObject({ exitCode: 0, stderr: "" });
    exportedCredentials(await home.keyspring("export"));
    expect((await control.counts())["sso-oidc/StartDeviceAuthorization"]).toBe(1);
  });

  it("at any moment, forty times: what is stored is whole, and the next command answers", async () => {
    const home = await house({ simulator: { settings: { refreshTokenGrace: 60_000 } } });
    const { control } = home.simulator;
    for (let round = 0; round < 10; round += 1) {
      // Every round writes a token and credentials anew.
      await putToken(home, -60_000);
      await control.configure({ roleLifetime: 20_000 + round });
      const victims = Array.from({ length: 4 }, () => home.start(["export"]));
      await Promise.all(
        victims.map(async ({ child, finished }, index) => {
          // Spread over the life of the command: about 150 ms.
          await new Promise((resolve) => setTimeout(resolve, 60 + index * 15 + round * 12));
          child.kill("SIGKILL");
          await finished;
        }),
      );
      for (const file of readdirSync(home.path(".aws/sso/cache"))) JSON.parse(home.read(join(".aws/sso/cache", file)));
      const { stdout } = await home.keyspring("status", "--json");
      expect(JSON.parse(stdout)).toMatchObject({ profiles: [{ profile: "acme" }] });
      exportedCredentials(await home.keyspring("export"));
    }
    const log = home.read(".local/state/keyspring/log/keyspring.log");
    expect(log).not.toMatch(/damaged/);
    // Killed writers leave at most their own temporary files, and nobody else may read them.
    for (const name of temporaryFiles(home)) expect(statSync(home.path(name)).mode & 0o077).toBe(0);
    expect(readFileSync(home.path(".config/keyspring/config.toml"), "utf8")).toContain("acme");
  });
});
