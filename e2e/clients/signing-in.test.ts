import { describe, expect, it } from "vitest";
import { exportedCredentials } from "../lib/expect.ts";
import { house } from "../lib/house.ts";
import { signIn } from "../lib/signed-in.ts";

describe("login", () => {
  it("signed in already: says so, shows no sign-in, and how to begin a new session", async () => {
    const home = await house();
    await signIn(home);
    const { exitCode, stdout, stderr } = await home.keyspring("login");
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
    expect(stderr).toMatch(
      /^Signed in already: acme \(account 123456789012\), good for \d+ min\.\nFor a new session: keyspring login --profile acme --force\n$/,
    );
  });

  it("--force: a new session, and credentials of that session", async () => {
    const home = await house();
    await signIn(home);
    const before = exportedCredentials(await home.keyspring("export"));
    await signIn(home, "acme", "--force");
    expect(exportedCredentials(await home.keyspring("export")).AccessKeyId).not.toBe(before.AccessKeyId);
    expect((await home.simulator.control.counts())["sso-oidc/StartDeviceAuthorization"]).toBe(2);
  });

  it("logout: nothing is left that would answer", async () => {
    const home = await house();
    await signIn(home);
    expect(await home.keyspring("logout")).toMatchObject({ exitCode: 0, stdout: "" });
    expect(await home.keyspring("export")).toMatchObject({ exitCode: 3, stdout: "" });
    expect(JSON.parse((await home.keyspring("status", "--json")).stdout)).toMatchObject({
      profiles: [{ credentials: { state: "absent" } }],
    });
  });
});
