import { setTimeout as sleep } from "node:timers/promises";
import { BedrockRuntimeClient, ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
import { expect, it } from "vitest";
import { claudeHouse, describeClaudeCode, type ClaudeHouse } from "../lib/claude-code.ts";
import { exportedCredentials } from "../lib/expect.ts";
import { start } from "../lib/process.ts";

/** What Claude Code does at its start when the machine has no identity, in a process of its own, as the one that uses the credentials. */
const SESSION = `/bin/sh -c "$REFRESH" >>refresh.log 2>&1 && /bin/sh -c "$EXPORT"\n`;

describeClaudeCode("cold, many sessions start at once", () => {
  it("20 sessions and 4 Claude Codes: one sign-in, one role-credential call, an answer for each", async () => {
    const house = await claudeHouse();
    await house.apply("--profile", "acme");
    house.write("session.sh", SESSION);
    const claudes = [1, 2, 3, 4].map((number) => house.ask(`question ${number}`));
    const sessions = Array.from({ length: 20 }, () => session(house));

    await house.simulator.control.waitFor({ operation: "StartDeviceAuthorization", timeout: 60_000 });
    // Everybody waits for the one sign-in: nobody opens a second one meanwhile.
    while (house.read("project/refresh.log").split("Code: ").length <= sessions.length) await sleep(200);
    const { deviceSignIns } = await house.simulator.control.state();
    expect(deviceSignIns).toHaveLength(1);
    await house.simulator.control.approve({ userCode: deviceSignIns[0]!.userCode });

    for (const [index, claude] of claudes.entries()) {
      const { exitCode, stdout, stderr } = await claude;
      expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 0, stdout: `You said: question ${index + 1}\n` });
    }
    for (const [index, running] of sessions.entries()) {
      const credentials = exportedCredentials(await running);
      expect(await answerFor(house, credentials, `session ${index}`)).toBe(`You said: session ${index}`);
    }
    expect(await house.simulator.control.counts()).toMatchObject({
      "sso-oidc/StartDeviceAuthorization": 1,
      "sso/GetRoleCredentials": 1,
    });
    expect(new Set((await house.bedrock()).map(({ accessKeyId, outcome }) => `${outcome} ${accessKeyId}`)).size).toBe(1);
  });
});

async function session(house: ClaudeHouse) {
  const { awsAuthRefresh, awsCredentialExport } = house.settings();
  const env = { ...house.claudeEnv, CLAUDE_CODE_ENTRYPOINT: "cli", REFRESH: awsAuthRefresh!, EXPORT: awsCredentialExport };
  return start("/bin/sh", [house.path("session.sh")], { env, cwd: house.project, stdin: "open", timeout: 110_000 }).finished;
}

async function answerFor(house: ClaudeHouse, keys: ReturnType<typeof exportedCredentials>, text: string) {
  const client = new BedrockRuntimeClient({
    region: "us-east-1",
    endpoint: house.simulator.url,
    credentials: {
      accessKeyId: keys.AccessKeyId,
      secretAccessKey: keys.SecretAccessKey,
      sessionToken: keys.SessionToken,
    },
  });
  const { output } = await client.send(
    new ConverseCommand({ modelId: "us.anthropic.claude-opus-5-5", messages: [{ role: "user", content: [{ text }] }] }),
  );
  return output?.message?.content?.[0]?.text;
}
