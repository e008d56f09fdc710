import { parseExportCredentials } from "@keyspring/core";
import type { Stage } from "./stage.ts";

export interface BedrockAnswer {
  readonly status: number;
  /** What the model said, or the error's name. */
  readonly text: string;
}

const REGION = "us-east-1";
const MODEL = "anthropic.claude-sonnet";

/** One Converse request, signed with what `export` printed: Claude Code's part in the demo. */
export async function askBedrock(stage: Stage, exported: string): Promise<BedrockAnswer> {
  const { SignatureV4 } = await import("@smithy/signature-v4");
  const { Sha256 } = await import("@aws-crypto/sha256-js");
  const url = new URL(stage.simulator.url);
  const body = JSON.stringify({ messages: [{ role: "user", content: [{ text: "Are you there?" }] }] });
  const signer = new SignatureV4({
    service: "bedrock",
    region: REGION,
    sha256: Sha256,
    credentials: parseExportCredentials(exported),
  });
  const request = {
    method: "POST",
    protocol: url.protocol,
    hostname: url.hostname,
    port: Number(url.port),
    path: `/model/${MODEL}/converse`,
    headers: { host: url.host, "content-type": "application/json" },
    query: {},
    body,
  };
  const { headers } = await signer.sign(request, { signingDate: new Date(stage.now()) });
  const answer = await stage.platform.http.request({
    method: "POST",
    url: `${url.origin}${request.path}`,
    headers,
    body,
    signal: stage.signal,
  });
  const parsed = JSON.parse(answer.body) as { output?: { message: { content: { text: string }[] } } };
  const error = answer.headers["x-amzn-errortype"]?.split(":")[0] ?? "error";
  return { status: answer.status, text: parsed.output?.message.content[0]?.text ?? error };
}
