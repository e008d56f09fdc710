import { expect, it } from "vitest";
import { house, type House } from "../lib/house.ts";
import { describeWith } from "../lib/needs.ts";
import { NO_BOTO3, PYTHON } from "../lib/python.ts";
import { signIn } from "../lib/signed-in.ts";
import { writeViaKeyspring } from "../lib/credential-process.ts";

/** Every script prints JSON lines without secrets. */
const PREAMBLE = `
import json, time, boto3, botocore.exceptions
def session(): return boto3.Session(profile_name="via-keyspring")
def arn(s): return s.client("sts").get_caller_identity()["Arn"]
def ask(s):
    answer = s.client("bedrock-runtime").converse(modelId="anthropic.claude-sonnet", messages=[{"role": "user", "content": [{"text": "Are you there?"}]}])
    return answer["output"]["message"]["content"][0]["text"]
def say(**facts): print(json.dumps(facts), flush=True)
`;

async function python(
  home: House,
  script: string,
): Promise<{ lines: Record<string, unknown>[]; exitCode: number | null; stderr: string }> {
  const result = await home.run(PYTHON!, ["-c", PREAMBLE + script], { timeout: 100_000 });
  const lines = result.stdout.split("\n").filter((line) => line !== "");
  return { ...result, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describeWith("boto3 with `keyspring process` as credential_process", NO_BOTO3, () => {
  it("signed in: STS and Bedrock know the role, several sessions at once cost one call to AWS", async () => {
    const home = await house();
    writeViaKeyspring(home);
    await signIn(home);
    const { control } = home.simulator;
    await control.clearRequests();
    const { lines, stderr } = await python(
      home,
      `
from concurrent.futures import ThreadPoolExecutor
sessions = [session() for _ in range(4)]
with ThreadPoolExecutor(4) as pool: arns = list(pool.map(arn, sessions))
say(arns=sorted(set(arns)), answer=ask(sessions[0]))`,
    );
    expect({ lines, stderr }).toEqual({
      lines: [
        {
          arns: [expect.stringMatching(/^arn:aws:sts::123456789012:assumed-role\/AWSReservedSSO_BedrockUser_\w+\/alice$/)],
          answer: "You said: Are you there?",
        },
      ],
      stderr: "",
    });
    // `login` had obtained them already.
    expect(await control.counts()).toEqual({ "sts/GetCallerIdentity": 4, "bedrock-runtime/Converse": 1 });
  });

  it("cold store: the runs at one start cost one call, although SDKs repeat them at once", async () => {
    const home = await house();
    writeViaKeyspring(home);
    await signIn(home);
    const { control } = home.simulator;
    await control.revokeRoleCredentials({});
    await control.configure({ roleLifetime: 600_000 });
    expect(await home.keyspring("logout")).toMatchObject({ exitCode: 0 });
    await signIn(home);
    await control.clearRequests();
    // Ten-minute credentials: botocore finds them due at every signature and runs the command each time.
    const { lines } = await python(home, `s = session()\nfor _ in range(5): say(arn=arn(s))`);
    expect(lines).toHaveLength(5);
    expect((await control.counts())["sso/GetRoleCredentials"] ?? 0).toBeLessThanOrEqual(1);
  });

  it("credentials of twenty seconds: one process goes on beyond their end, no request fails", async () => {
    const home = await house({ simulator: { settings: { roleLifetime: 20_000 } } });
    writeViaKeyspring(home);
    await signIn(home);
    const { lines, exitCode, stderr } = await python(
      home,
      `
s = session()
seen = set()
while len(seen) < 3:
    arn(s)
    seen.add(s.get_credentials().get_frozen_credentials().access_key)
    time.sleep(0.2)
say(keys=len(seen))`,
    );
    expect({ lines, exitCode, stderr }).toEqual({ lines: [{ keys: 3 }], exitCode: 0, stderr: "" });
    const failed = (await home.simulator.control.requests({ service: "sts" })).filter(({ outcome }) => outcome !== "ok");
    expect(failed).toEqual([]);
  });

  it("revoked: `keyspring login --force` gives the next session new ones", async () => {
    const home = await house();
    writeViaKeyspring(home);
    await signIn(home);
    const { control } = home.simulator;
    await control.revokeRoleCredentials({});
    const refused = await python(home, `ask(session())`);
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("AccessDeniedException") });
    await signIn(home, "acme", "--force");
    expect(await python(home, `say(answer=ask(session()))`)).toMatchObject({
      exitCode: 0,
      lines: [{ answer: "You said: Are you there?" }],
    });
  });

  it("not signed in: boto3 fails with Keyspring's own words", async () => {
    const home = await house();
    writeViaKeyspring(home);
    const { exitCode, stderr } = await python(home, `arn(session())`);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("CredentialRetrievalError");
    expect(stderr).toContain("keyspring login --profile acme");
  });
});
