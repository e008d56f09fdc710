import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { claudeHouse, describeClaudeCode, expectAnswer } from "../lib/claude-code.ts";
import { OTHER_IDENTITIES } from "../lib/other-identities.ts";
import { threeOrganizations } from "../lib/three-organizations.ts";

describeClaudeCode("settings applied", () => {
  it.each(["sso", "script", "process"] as const)(
    "source %s: commands that Claude runs see none of its credentials, and the person's own AWS_PROFILE",
    async (source) => {
      const house = await claudeHouse();
      const { profile } = await threeOrganizations(house)[source]();
      await house.apply("--profile", profile, "--region", "us-east-1");
      const command = "env | grep -E ^AWS_\\\\|^KEYSPRING_ | sort | tr '\\\\n' ' '; cat ~/.aws/credentials 2>&1";
      const answer = await house.ask(`[[tool:Bash {"command":"${command}"}]]`, {
        args: ["--allowedTools", "Bash"],
        env: { AWS_PROFILE: "my-own" },
      });
      expect(answer).toMatchObject({ exitCode: 0, stderr: "" });
      expect(answer.stdout).toMatch(/The tool answered: [\s\S]*AWS_PROFILE=my-own /);
      expect(answer.stdout).not.toMatch(/AWS_(?:ACCESS|SECRET|SESSION|CREDENTIAL|SECURITY|BEARER|CONTAINER)/);
      expect(answer.stdout).toMatch(/\.aws\/credentials: No such file/);
    },
  );

  it("removed again: settings byte for byte, and Claude Code behaves as before", async () => {
    const house = await claudeHouse();
    const other = await OTHER_IDENTITIES["environment"]!(house);
    const own = '{\n    "env": { "CLAUDE_CODE_USE_BEDROCK": "1", "AWS_REGION": "eu-central-1" },\n  "model": "opus" }';
    const file = house.write(".claude/settings.json", own);
    await house.apply("--profile", "acme");
    expect(readFileSync(file, "utf8")).not.toBe(own);

    expect(await house.keyspring("settings", "remove", "--yes")).toMatchObject({ exitCode: 0 });

    expect(readFileSync(file, "utf8")).toBe(own);
    expectAnswer(await house.ask("hello", { env: other.env }), "You said: hello");
    expect(house.runs()).toEqual([]);
    for (const { principal } of await house.bedrock()) expect(principal).toBe(other.principal);
  });
});
