import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeViaKeyspring } from "../lib/credential-process.ts";
import { house, type House } from "../lib/house.ts";
import { signIn } from "../lib/signed-in.ts";

const CLIENT = join(import.meta.dirname, "js-sdk-client.ts");
const ARN = /^arn:aws:sts::123456789012:assumed-role\/AWSReservedSSO_BedrockUser_\w+\/alice$/;

interface Step {
  readonly step: string;
  readonly says?: string;
  readonly error?: string;
  readonly message?: string;
}

async function client(home: House, ...steps: string[]): Promise<{ exitCode: number | null; steps: Step[] }> {
  const { exitCode, stdout } = await home.run(process.execPath, [CLIENT, "via-keyspring", ...steps]);
  const said = stdout.split("\n").filter((line) => line !== "");
  return { exitCode, steps: said.map((line) => JSON.parse(line) as Step).toSorted((a, b) => (a.step < b.step ? -1 : 1)) };
}

describe("the AWS SDK for JavaScript with `keyspring process` as credential_process", () => {
  it("signed in: every provider is the role at STS, Bedrock answers, and all of it costs one call to AWS", async () => {
    const home = await house();
    writeViaKeyspring(home);
    await signIn(home);
    expect(await client(home, "chain", "converse", "ini", "process")).toEqual({
      exitCode: 0,
      steps: [
        { step: "chain", says: expect.stringMatching(ARN) },
        { step: "converse", says: "You said: Are you there?" },
        { step: "ini", says: expect.stringMatching(ARN) },
        { step: "process", says: expect.stringMatching(ARN) },
      ],
    });
    expect((await home.simulator.control.counts())["sso/GetRoleCredentials"]).toBe(1);
  });

  it("not signed in: each provider fails with Keyspring's own words", async () => {
    const home = await house();
    writeViaKeyspring(home);
    const { exitCode, steps } = await client(home, "ini", "process");
    expect(exitCode).toBe(1);
    for (const { message } of steps) expect(message).toContain("keyspring login --profile acme");
  });

  it("expiring store: the SDK gets credentials that it keeps", async () => {
    const home = await house({ simulator: { settings: { roleLifetime: 20_000 } } });
    writeViaKeyspring(home);
    await signIn(home);
    const first = await home.simulator.control.requests({ operation: "GetRoleCredentials" });
    for (;;) {
      expect(await client(home, "process")).toMatchObject({ exitCode: 0 });
      const minted = await home.simulator.control.requests({ operation: "GetRoleCredentials" });
      if (minted.length > first.length) break;
    }
    const calls = await home.simulator.control.requests({ service: "sts" });
    expect(calls.filter(({ outcome }) => outcome !== "ok")).toEqual([]);
  });
});
