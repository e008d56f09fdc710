/**
 * A program that uses the AWS SDK for JavaScript: `js-sdk-client.ts <profile> <step>...`, each step a provider (`ini`, `process`, `chain`)
 * or `converse`. Prints one JSON line per step, without secrets.
 */
import { BedrockRuntimeClient, ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromIni, fromNodeProviderChain, fromProcess } from "@aws-sdk/credential-providers";

const [profile = "", ...steps] = process.argv.slice(2);
const providers = { ini: fromIni, process: fromProcess, chain: fromNodeProviderChain };

await Promise.all(
  steps.map(async (step) => {
    try {
      process.stdout.write(`${JSON.stringify({ step, says: await run(step) })}\n`);
    } catch (error) {
      process.stdout.write(`${JSON.stringify({ step, error: (error as Error).name, message: (error as Error).message })}\n`);
      process.exitCode = 1;
    }
  }),
);

async function run(step: string): Promise<string | undefined> {
  const region = "us-east-1";
  if (step in providers) {
    const credentials = providers[step as keyof typeof providers]({ profile });
    return (await new STSClient({ region, credentials }).send(new GetCallerIdentityCommand({}))).Arn;
  }
  const client = new BedrockRuntimeClient({ region, credentials: fromNodeProviderChain({ profile }) });
  const messages = [{ role: "user" as const, content: [{ text: "Are you there?" }] }];
  const answer = await client.send(new ConverseCommand({ modelId: "anthropic.claude-sonnet", messages }));
  return answer.output?.message?.content?.[0]?.text;
}
