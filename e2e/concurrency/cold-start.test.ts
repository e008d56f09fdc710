import { describe, expect, it } from "vitest";
import { exportedCredentials } from "../lib/expect.ts";
import { house, type House } from "../lib/house.ts";
import type { Finished } from "../lib/process.ts";
import { putToken } from "../lib/signed-in.ts";

async function atOnce(home: House, times: number, ...args: string[]): Promise<Finished[]> {
  return Promise.all(Array.from({ length: times }, () => home.start(args, { timeout: 110_000 }).finished));
}

async function count(home: House, operation: string): Promise<number> {
  return (await home.simulator.control.counts())[operation] ?? 0;
}

const code = (text: string): string | undefined => /^Code: (\S+)$/m.exec(text)?.[1];

describe("cold, all at once", () => {
  it("100 exports, signed in: one call to AWS, 100 times the same answer", async () => {
    const home = await house();
    await putToken(home);
    const all = await atOnce(home, 100, "export");
    expect(new Set(all.map(exportedCredentials).map(({ AccessKeyId }) => AccessKeyId)).size).toBe(1);
    expect(await home.simulator.control.counts()).toEqual({ "sso/GetRoleCredentials": 1 });
  });

  it("20 processes beside 20 exports, token to be renewed first: one renewal, one call to AWS", async () => {
    const home = await house();
    await putToken(home, -60_000);
    const [exports, processes] = await Promise.all([atOnce(home, 20, "export"), atOnce(home, 20, "process")]);
    const keys = [
      ...exports.map((result) => exportedCredentials(result).AccessKeyId),
      ...processes.map(({ stdout }) => (JSON.parse(stdout) as { AccessKeyId: string }).AccessKeyId),
    ];
    expect(new Set(keys).size).toBe(1);
    expect(await home.simulator.control.counts()).toEqual({ "sso/GetRoleCredentials": 1, "sso-oidc/CreateToken": 1 });
  });

  it("20 refreshes, nobody signed in: one sign-in, everybody shows the same code, one call to AWS", async () => {
    const home = await house();
    const { control } = home.simulator;
    const running = Array.from({ length: 20 }, () => home.start(["refresh"], { timeout: 110_000 }));
    // Approved only when all of them show it.
    await expect
      .poll(() => running.filter(({ output }) => code(output().stdout) !== undefined).length, { timeout: 60_000 })
      .toBe(20);
    const codes = new Set(running.map(({ output }) => code(output().stdout)!));
    expect(codes.size).toBe(1);
    await control.approve({ userCode: [...codes][0]! });
    const all = await Promise.all(running.map(({ finished }) => finished));
    expect(all.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual(all.map(() => ({ exitCode: 0, stderr: "" })));
    expect(await count(home, "sso-oidc/StartDeviceAuthorization")).toBe(1);
    expect(await count(home, "sso/GetRoleCredentials")).toBe(1);
    exportedCredentials(await home.keyspring("export"));
    expect(await count(home, "sso/GetRoleCredentials")).toBe(1);
  });

  it("20 exports while a person signs in: they wait, and all get the credentials of that sign-in", async () => {
    const home = await house();
    const { control } = home.simulator;
    const login = home.start(["login"]);
    await expect.poll(() => /Code: (\S+)/.exec(login.output().stderr)?.[1], { timeout: 30_000 }).toBeDefined();
    const exports = atOnce(home, 20, "export");
    const { deviceSignIns } = await control.state();
    await control.approve({ userCode: deviceSignIns[0]!.userCode });
    expect(await login.finished).toMatchObject({ exitCode: 0 });
    // Whoever came before the approval waited; nobody was sent away.
    const answers = (await exports).map((result) => exportedCredentials(result).AccessKeyId);
    expect(new Set(answers).size).toBe(1);
    expect(await count(home, "sso/GetRoleCredentials")).toBe(1);
  });
});
