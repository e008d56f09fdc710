import { expect, it } from "vitest";
import { claudeHouse, describeClaudeCode, type ClaudeHouse } from "../lib/claude-code.ts";

describeClaudeCode("not signed in, no other credentials", () => {
  it("terminal interface: its panel shows address and code, approval lets the session go on", async () => {
    const house = await claudeHouse();
    await house.apply("--profile", "acme");
    const terminal = house.session();
    const code = await codeShown(house);
    // Claude Code draws nothing for some twenty seconds, so Keyspring tells the terminal itself, line by line.
    expect(await terminal.shows(`Code: ${code}`)).toMatch(new RegExp(`^Sign in at: http:\\S+${code}\\nCode: ${code}$`, "m"));
    const panel = await terminal.shows(/│ Sign-in /);
    expect(panel).toMatch(new RegExp(`│ Sign in at: http:\\S+${code} *│\\n│ Code: ${code} `));
    // Its lines are in the panel only, nothing of ours is left beside it.
    expect(panel.split("Code:")).toHaveLength(2);

    await house.simulator.control.approve({ userCode: code });
    await terminal.shows(/^(?![\s\S]*│ Sign-in )/);
    await terminal.type("hello there");
    expect(await terminal.shows("You said: hello there")).not.toMatch(/keyspring login/);
    await expectOnlyKeyspring(house);
  });

  it("claude -p on a terminal: address and code are shown, approval brings the answer", async () => {
    const house = await claudeHouse();
    await house.apply("--profile", "acme");
    const terminal = house.session(["-p", "hello there"]);
    const code = await codeShown(house);
    const screen = await terminal.shows(`Code: ${code}`);
    expect(screen).toMatch(/Sign in at: http:\/\/127\.0\.0\.1:\d+\/\S+/);
    await house.simulator.control.approve({ userCode: code });
    expect(await terminal.ended()).toBe(0);
    expect(terminal.screen()).toContain("You said: hello there");
    await expectOnlyKeyspring(house);
  });

  it("claude -p without a terminal: address and code on its standard error, approval brings the answer", async () => {
    const house = await claudeHouse();
    await house.apply("--profile", "acme");
    await house.simulator.control.configure({ autoApprove: { delay: 1500 } });
    const { exitCode, stdout, stderr } = await house.ask("hello there");
    expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 0, stdout: "You said: hello there\n" });
    expect(stderr).toMatch(/^Sign in at: http:\/\/127\.0\.0\.1:\S+\nCode: \S+\n/);
    await expectOnlyKeyspring(house);
  });
});

/** The code of the one sign-in under way, as the person's browser would show it. */
async function codeShown({ simulator }: ClaudeHouse): Promise<string> {
  await simulator.control.waitFor({ operation: "StartDeviceAuthorization", timeout: 60_000 });
  const { deviceSignIns } = await simulator.control.state();
  expect(deviceSignIns).toHaveLength(1);
  return deviceSignIns[0]!.userCode;
}

async function expectOnlyKeyspring(house: ClaudeHouse): Promise<void> {
  const requests = await house.bedrock();
  expect(requests.filter(({ outcome }) => outcome === "ok").length).toBeGreaterThan(0);
  for (const request of requests)
    expect(request).toMatchObject({ outcome: "ok", principal: expect.stringContaining("BedrockUser") });
  const counts = await house.simulator.control.counts();
  expect(counts).toMatchObject({ "sso-oidc/StartDeviceAuthorization": 1, "sso/GetRoleCredentials": 1 });
}
