import { expect, it } from "vitest";
import { claudeHouse, describeClaudeCode, expectAnswer } from "../lib/claude-code.ts";
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
