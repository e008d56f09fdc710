import { expect, it } from "vitest";
import { claudeCodeBinary, OLDEST_CLAUDE_CODE } from "../lib/claude-binary.ts";
import { claudeHouse, describeClaudeCode, expectAnswer } from "../lib/claude-code.ts";
import { OTHER_IDENTITIES } from "../lib/other-identities.ts";
import { threeOrganizations } from "../lib/three-organizations.ts";

describeClaudeCode("settings applied", () => {
  it.each(["sso", "script", "process"] as const)("source %s: Bedrock answers, asked with its credentials", async (source) => {
    const house = await claudeHouse();
    const { profile, role } = await threeOrganizations(house)[source]();
    await house.apply("--profile", profile, "--region", "us-east-1");

    const answer = await house.ask("ping from the test");

    expectAnswer(answer, "You said: ping from the test");
    const requests = await house.bedrock();
    expect(requests.length).toBeGreaterThan(1);
    for (const request of requests)
      expect(request).toMatchObject({ outcome: "ok", source: "identity-center", principal: expect.stringContaining(role) });
    const keys = new Set(requests.map(({ accessKeyId }) => accessKeyId));
    expect(keys.size).toBe(1);
    const status = await house.keyspring("status", "--profile", profile, "--json");
    expect(status.exitCode).toBe(0);
  });
});

const oldest = claudeCodeBinary(OLDEST_CLAUDE_CODE);

describeClaudeCode(
  `Claude Code ${OLDEST_CLAUDE_CODE.version}, settings applied`,
  () => {
    it("not signed in: refresh shows where, approval brings the answer", async () => {
      const house = await claudeHouse();
      await house.simulator.control.configure({ autoApprove: { delay: 500 } });
      await house.apply("--profile", "acme");
      const answer = await house.ask("ping", { binary: oldest! });
      expect(answer).toMatchObject({ exitCode: 0, stdout: "You said: ping\n", stderr: expect.stringContaining("Sign in at:") });
      for (const { principal } of await house.bedrock()) expect(principal).toContain("BedrockUser");
    });

    it("revoked between two prompts: one refused request, then new credentials", async () => {
      const house = await claudeHouse();
      const { profile } = await threeOrganizations(house).sso();
      await house.apply("--profile", profile);
      const terminal = house.session([], { binary: oldest! });
      await terminal.shows("❯");
      await terminal.type("before");
      await terminal.shows("You said: before");
      await house.simulator.control.revokeRoleCredentials({ as: "expired" });
      await terminal.type("after");
      await terminal.shows("You said: after");
      expect((await house.bedrock()).filter(({ outcome }) => outcome !== "ok")).toHaveLength(1);
    });

    it("another identity within reach, not signed in: an error, and nothing sent", async () => {
      const house = await claudeHouse();
      const other = await OTHER_IDENTITIES["environment"]!(house);
      await house.apply("--profile", "acme");
      const { exitCode, stderr } = await house.ask("ping", { binary: oldest!, env: other.env });
      expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining("keyspring login --profile acme") });
      expect(await house.bedrock()).toEqual([]);
    });
  },
  oldest === undefined ? "it is not here; get it with: npm run fetch:claude-code" : undefined,
);
