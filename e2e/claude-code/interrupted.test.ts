import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { claudeHouse, describeClaudeCode, type ClaudeHouse } from "../lib/claude-code.ts";
import { OTHER_IDENTITIES, type OtherIdentity } from "../lib/other-identities.ts";

describeClaudeCode("another identity within reach, export is interrupted", () => {
  it.each(["SIGKILL", "SIGTERM"] as const)("claude -p, %s to Keyspring: an error, and nothing sent", async (signal) => {
    const { house, other } = await hanging();
    const answer = house.ask("hello", { env: other.env });
    process.kill(await exporting(house), signal);
    const { exitCode, stdout } = await answer;
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: expect.stringContaining("API Error") });
    expect(await house.bedrock()).toEqual([]);
  });

  it("claude -p, Ctrl-C: it ends, and nothing was sent", async () => {
    const { house, other } = await hanging();
    const terminal = house.session(["-p", "hello"], { env: other.env });
    await exporting(house);
    terminal.press("C-c");
    await terminal.ended();
    expect(terminal.screen()).not.toContain("You said");
    expect(await house.bedrock()).toEqual([]);
  });
});

/** A house whose profile is served by a script that does not come to an end, with somebody else's identity beside it. */
async function hanging(): Promise<{ readonly house: ClaudeHouse; readonly other: OtherIdentity }> {
  const house = await claudeHouse();
  const other = await OTHER_IDENTITIES["environment"]!(house);
  const program = house.write("opt/grant.sh", `#!/bin/sh\necho $PPID >"${house.path("asked")}"\nexec sleep 20\n`, 0o700);
  house.write(
    ".config/keyspring/config.toml",
    `[profiles.acme]\nsource = "script"\n[profiles.acme.options]\ncommand = ["${program}"]\n`,
  );
  await house.apply("--profile", "acme", "--region", "us-east-1");
  return { house, other };
}

/** The process that runs the script, once it does. */
async function exporting(house: ClaudeHouse): Promise<number> {
  while (!existsSync(house.path("asked")) || house.read("asked") === "") await sleep(50);
  expect(house.runs().map(({ command }) => command)).toContain("export");
  return Number(house.read("asked"));
}
