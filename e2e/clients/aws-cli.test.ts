import { expect, it } from "vitest";
import { house, type House } from "../lib/house.ts";
import { describeWith } from "../lib/needs.ts";
import type { Finished } from "../lib/process.ts";
import { AWS_CLI, NO_AWS_CLI } from "../lib/python.ts";
import { putToken, signIn } from "../lib/signed-in.ts";
import { writeViaKeyspring } from "../lib/credential-process.ts";

const aws = (home: House, ...args: string[]): Promise<Finished> => home.run(AWS_CLI!, [...args, "--profile", "via-keyspring"]);

describeWith("the AWS CLI with `keyspring process` as credential_process", NO_AWS_CLI, () => {
  it("signed in: it is the role at STS, and Bedrock answers it", async () => {
    const home = await house();
    writeViaKeyspring(home);
    await signIn(home);
    const [who, answer] = await Promise.all([
      aws(home, "sts", "get-caller-identity", "--query", "Arn", "--output", "text"),
      aws(
        home,
        "bedrock-runtime",
        "converse",
        "--model-id",
        "anthropic.claude-sonnet",
        "--messages",
        '[{"role":"user","content":[{"text":"Are you there?"}]}]',
        "--query",
        "output.message.content[0].text",
        "--output",
        "text",
      ),
    ]);
    expect(who).toMatchObject({ exitCode: 0, stderr: "" });
    expect(who.stdout).toMatch(/^arn:aws:sts::123456789012:assumed-role\/AWSReservedSSO_BedrockUser_\w+\/alice\n$/);
    expect(answer).toMatchObject({ exitCode: 0, stdout: "You said: Are you there?\n", stderr: "" });
    expect((await home.simulator.control.counts())["sso/GetRoleCredentials"]).toBe(1);
  });

  it("cold store: ten commands at once cost one call to AWS", async () => {
    const home = await house();
    writeViaKeyspring(home);
    const { control } = home.simulator;
    await putToken(home);
    const all = await Promise.all(Array.from({ length: 10 }, () => aws(home, "sts", "get-caller-identity")));
    expect(all.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual(all.map(() => ({ exitCode: 0, stderr: "" })));
    expect(await control.counts()).toEqual({ "sso/GetRoleCredentials": 1, "sts/GetCallerIdentity": 10 });
  });

  it("not signed in: it fails with Keyspring's own words, asks nobody, and never turns to another identity", async () => {
    const home = await house();
    writeViaKeyspring(home);
    const other = await home.simulator.control.roleCredentials({ roleName: "ReadOnly" });
    home.write(
      ".aws/credentials",
      `[default]\naws_access_key_id = ${other.accessKeyId}\naws_secret_access_key = hidden\naws_session_token = hidden\n`,
    );
    const { exitCode, stdout, stderr } = await aws(home, "sts", "get-caller-identity");
    expect({ exitCode, stdout }).toEqual({ exitCode: 255, stdout: "" });
    expect(stderr).toContain("keyspring: nobody is signed in at https://acme.awsapps.com/start");
    expect(stderr).toContain("Run: keyspring login --profile acme");
    expect(await home.simulator.control.counts()).toEqual({});
  });
});
