import { expect, it } from "vitest";
import { claudeHouse, describeClaudeCode, expectAnswer } from "../lib/claude-code.ts";
import { threeOrganizations } from "../lib/three-organizations.ts";

describeClaudeCode("warm", () => {
  it.each(["sso", "script", "process"] as const)(
    "source %s, second session: refresh runs, yet no call to AWS but Claude Code's own",
    async (source) => {
      const house = await claudeHouse();
      const { profile } = await threeOrganizations(house)[source]();
      await house.apply("--profile", profile, "--region", "us-east-1");
      expectAnswer(await house.ask("one"), "You said: one");
      const [first] = await house.bedrock();
      const before = await house.simulator.control.state();
      const runsBefore = house.runs().length;
      await house.simulator.control.clearRequests();

      const terminal = house.session();
      await terminal.shows("❯");
      await terminal.type("two");
      const screen = await terminal.shows("You said: two");

      expect(screen).not.toMatch(/Sign-in|Sign in at|Keyspring/);
      const requests = await house.simulator.control.requests();
      expect(new Set(requests.map(({ service }) => service))).toEqual(new Set(["bedrock", "bedrock-runtime"]));
      for (const request of requests) expect(request).toMatchObject({ outcome: "ok", accessKeyId: first!.accessKeyId });
      expect((await house.simulator.control.state()).keys.length).toBe(before.keys.length);
      const commands = house
        .runs()
        .slice(runsBefore)
        .map(({ command }) => command);
      expect(commands.filter((command) => command === "refresh")).toHaveLength(1);
      expect(commands.filter((command) => command === "export")).toHaveLength(1);
    },
  );
});
