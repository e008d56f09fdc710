import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { findSecrets, withSimulator, type SignedIn, type Simulator } from "./index.ts";

const execute = promisify(execFile);

async function works(command: string, ...args: string[]): Promise<boolean> {
  return execute(command, args).then(
    () => true,
    () => false,
  );
}

const hasAwsCli = await works("aws", "--version");
const hasBoto3 = await works("python3", "-c", "import boto3");
if (!hasAwsCli) console.warn("The AWS CLI is not on PATH: its tests are skipped.");
if (!hasBoto3) console.warn("python3 has no boto3: its tests are skipped.");

/** A home folder in which somebody has signed in, as the AWS CLI leaves it. */
async function withHome<Result>(simulator: Simulator, use: (run: Run, cacheFile: string) => Promise<Result>): Promise<Result> {
  const home = mkdtempSync(join(tmpdir(), "aws-simulator-"));
  try {
    const signedIn: SignedIn = await simulator.control.signIn({ userName: "alice" });
    const cacheFile = join(home, ".aws/sso/cache", `${createHash("sha1").update("acme").digest("hex")}.json`);
    mkdirSync(join(home, ".aws/sso/cache"), { recursive: true });
    writeFileSync(cacheFile, JSON.stringify(signedIn));
    const config = [
      "[sso-session acme]",
      `sso_start_url = ${signedIn.startUrl}`,
      `sso_region = ${signedIn.region}`,
      "sso_registration_scopes = sso:account:access",
      "[profile dev]",
      "sso_session = acme",
      "sso_account_id = 123456789012",
      "sso_role_name = BedrockUser",
      "region = us-east-1",
    ];
    writeFileSync(join(home, ".aws/config"), `${config.join("\n")}\n`);
    // pyenv's shims find their Python by the real home folder.
    const { PATH, PYENV_ROOT = join(process.env["HOME"] ?? "/", ".pyenv") } = process.env;
    const env = {
      ...simulator.environment,
      PATH,
      PYENV_ROOT,
      HOME: home,
      AWS_PROFILE: "dev",
      AWS_EC2_METADATA_DISABLED: "true",
    };
    const run: Run = async (command, ...args) => (await execute(command, args, { env })).stdout;
    return await use(run, cacheFile);
  } finally {
    rmSync(home, { recursive: true });
  }
}

type Run = (command: string, ...args: string[]) => Promise<string>;

describe.skipIf(!hasAwsCli)("the AWS CLI", { timeout: 60_000 }, () => {
  test("with a profile of Identity Center: STS, Bedrock, portal", async () => {
    await withSimulator(async (simulator) => {
      await withHome(simulator, async (run, cacheFile) => {
        const caller = JSON.parse(await run("aws", "sts", "get-caller-identity")) as { Arn: string };
        expect(caller.Arn).toMatch(/assumed-role\/AWSReservedSSO_BedrockUser_\w+\/alice$/);
        const profiles = await run(
          "aws",
          "bedrock",
          "list-inference-profiles",
          "--query",
          "inferenceProfileSummaries[].status",
        );
        expect(new Set(JSON.parse(profiles) as string[])).toEqual(new Set(["ACTIVE"]));
        const { accessToken } = JSON.parse(readFileSync(cacheFile, "utf8")) as SignedIn;
        const accounts = await run("aws", "sso", "list-accounts", "--access-token", accessToken, "--region", "eu-west-1");
        expect((JSON.parse(accounts) as { accountList: unknown[] }).accountList).toHaveLength(2);
        const secrets = await simulator.control.secrets();
        expect(findSecrets(JSON.stringify(caller) + profiles + accounts, secrets)).toEqual([]);
      });
    });
  });
});

describe.skipIf(!hasBoto3)("boto3", { timeout: 60_000 }, () => {
  test("refreshes an access token that is about to end, and stores what it got", async () => {
    await withSimulator(
      async (simulator) => {
        await withHome(simulator, async (run, cacheFile) => {
          const before = JSON.parse(readFileSync(cacheFile, "utf8")) as SignedIn;
          const arn = await run("python3", "-c", "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])");
          expect(arn.trim()).toMatch(/\/alice$/);
          const after = JSON.parse(readFileSync(cacheFile, "utf8")) as SignedIn;
          expect(after.refreshToken).not.toBe(before.refreshToken);
          const made = await simulator.control.requests({ operation: "CreateToken" });
          expect(made).toMatchObject([
            { outcome: "ok", principal: "alice", client: expect.stringContaining("Botocore") as string },
          ]);
        });
      },
      { settings: { accessTokenLifetime: 120_000 } },
    );
  });

  test("converses with Bedrock, whole and as a stream, and invokes", async () => {
    await withSimulator(async (simulator) => {
      await withHome(simulator, async (run) => {
        const script = [
          "import boto3, json",
          "runtime = boto3.client('bedrock-runtime')",
          "model = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'",
          "messages = [{'role': 'user', 'content': [{'text': 'hello from python'}]}]",
          "print(runtime.converse(modelId=model, messages=messages)['output']['message']['content'][0]['text'])",
          "stream = runtime.converse_stream(modelId=model, messages=messages)['stream']",
          "print(''.join(e['contentBlockDelta']['delta']['text'] for e in stream if 'contentBlockDelta' in e))",
          "body = json.dumps({'anthropic_version': 'bedrock-2023-05-31', 'max_tokens': 99, 'messages': [{'role': 'user', 'content': 'hello'}]})",
          "events = runtime.invoke_model_with_response_stream(modelId=model, body=body)['body']",
          "print([json.loads(e['chunk']['bytes'])['type'] for e in events][-1])",
        ];
        const output = await run("python3", "-c", script.join("\n"));
        expect(output.trim().split("\n")).toEqual([
          "You said: hello from python",
          "You said: hello from python",
          "message_stop",
        ]);
      });
    });
  });

  test("names its errors", async () => {
    await withSimulator(async (simulator) => {
      await withHome(simulator, async (run) => {
        const script = [
          "import boto3",
          "from botocore.exceptions import ClientError",
          "s = boto3.Session(aws_access_key_id='ASIAKEYSPRINGSENTINEL', aws_secret_access_key='s', aws_session_token='t', region_name='us-east-1')",
          "for c in (lambda: s.client('sts').get_caller_identity(), lambda: s.client('bedrock').list_inference_profiles()):",
          "  try: c()",
          "  except ClientError as e: print(e.response['Error']['Code'])",
        ];
        const output = await run("python3", "-c", script.join("\n"));
        expect(output.trim().split("\n")).toEqual(["InvalidClientTokenId", "UnrecognizedClientException"]);
      });
    });
  });
});
