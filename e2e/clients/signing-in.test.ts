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

  it("a desktop: the person's browser is opened once, with the address that has the code in it", async () => {
    const home = await house();
    await home.simulator.control.configure({ autoApprove: { delay: 1500 } });
    home.write("bin/xdg-open", `#!/bin/sh\nprintf '%s\\n' "$@" >> "${home.path("opened")}"\n`, 0o700);
    const PATH = `${home.path("bin")}:${home.env["PATH"]}`;
    const { exitCode, stderr } = await home.start(["login"], {
      env: { ...home.env, PATH, DISPLAY: ":0", KEYSPRING_NO_BROWSER: "" },
    }).finished;
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("Sign in at: ") });
    expect(home.read("opened")).toBe(`${/Sign in at: (\S+)/.exec(stderr)![1]}\n`);
  });

  it("a desktop without a program that opens browsers: address and code are enough", async () => {
    const home = await house();
    await home.simulator.control.configure({ autoApprove: true });
    const env = { ...home.env, PATH: home.path("nothing"), DISPLAY: ":0", KEYSPRING_NO_BROWSER: "" };
    const { exitCode, stderr } = await home.start(["login"], { env }).finished;
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/Code: \S+\n[^]*Signed in: acme/),
    });
    expect(stderr).not.toMatch(/ENOENT|xdg-open|^\s+at /m);
  });
});
