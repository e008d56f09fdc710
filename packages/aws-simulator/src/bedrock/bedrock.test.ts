import {
  BedrockClient,
  GetFoundationModelCommand,
  GetInferenceProfileCommand,
  ListFoundationModelsCommand,
  ListInferenceProfilesCommand,
} from "@aws-sdk/client-bedrock";
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  CountTokensCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  type Message,
  type ToolConfiguration,
} from "@aws-sdk/client-bedrock-runtime";
import { Sha256 } from "@aws-crypto/sha256-js";
import { HttpRequest } from "@smithy/core/protocols";
import { SignatureV4 } from "@smithy/signature-v4";
import { describe, expect, test } from "vitest";
import { withSimulator, type Simulator } from "../index.ts";

const modelId = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

async function runtime(simulator: Simulator): Promise<BedrockRuntimeClient> {
  const credentials = await simulator.control.roleCredentials();
  return new BedrockRuntimeClient({ endpoint: simulator.url, region: "us-east-1", credentials, maxAttempts: 1 });
}

function messagesBody(content: unknown, more: object = {}): string {
  return JSON.stringify({
    anthropic_version: "bedrock-2023-05-31",
    max_tokens: 1000,
    messages: [{ role: "user", content }],
    ...more,
  });
}

async function invoke(simulator: Simulator, body: string): Promise<Record<string, unknown>> {
  const answer = await (await runtime(simulator)).send(new InvokeModelCommand({ modelId, body }));
  return JSON.parse(answer.body.transformToString()) as Record<string, unknown>;
}

async function events(simulator: Simulator, content: unknown, more?: object): Promise<{ type: string }[]> {
  const client = await runtime(simulator);
  const body = messagesBody(content, more);
  const answer = await client.send(new InvokeModelWithResponseStreamCommand({ modelId, body }));
  const seen: { type: string }[] = [];
  for await (const { chunk } of answer.body!) seen.push(JSON.parse(Buffer.from(chunk!.bytes!).toString()) as { type: string });
  return seen;
}

const list = (simulator: Simulator, token: string): Promise<Response> =>
  fetch(`${simulator.url}/inference-profiles`, { headers: { authorization: `Bearer ${token}` } });

async function shortTerm(simulator: Simulator, age: number): Promise<string> {
  const credentials = await simulator.control.roleCredentials();
  const signer = new SignatureV4({ credentials, region: "us-east-1", service: "bedrock", sha256: Sha256 });
  const host = "bedrock.amazonaws.com";
  const request = new HttpRequest({ method: "POST", path: "/", headers: { host }, query: { Action: "CallWithBearerToken" } });
  const signingDate = new Date(Date.now() - age);
  const { query } = await signer.presign(request, { expiresIn: 3600, signingDate });
  const text = `${host}/?${new URLSearchParams(query as Record<string, string>).toString()}&Version=1`;
  return `bedrock-api-key-${Buffer.from(text).toString("base64")}`;
}

const userSays = (text: string): Message[] => [{ role: "user", content: [{ text }] }];

describe("InvokeModel", () => {
  test("repeats the last line, without what Claude Code adds", async () => {
    await withSimulator(async (simulator) => {
      const content = [
        { type: "text", text: "first\nsecond\n\n" },
        { type: "text", text: "<system-reminder>\nignore me\n</system-reminder>" },
      ];
      expect(await invoke(simulator, messagesBody(content))).toMatchObject({
        type: "message",
        role: "assistant",
        content: [{ type: "text", text: "You said: second" }],
        stop_reason: "end_turn",
        stop_sequence: null,
      });
    });
  });

  test("is cut at max_tokens", async () => {
    await withSimulator(async (simulator) => {
      expect(await invoke(simulator, messagesBody("hello", { max_tokens: 1 }))).toMatchObject({
        content: [{ type: "text", text: "You " }],
        stop_reason: "max_tokens",
      });
    });
  });

  test("uses a tool that it was told to use and offered, and repeats its result", async () => {
    await withSimulator(async (simulator) => {
      const said = `now [[tool:Bash {"command":"echo {1..3}; [[ -n x ]]"}]]`;
      const tools = [{ name: "Bash", input_schema: { type: "object" } }];
      const use = { type: "tool_use", name: "Bash", input: { command: "echo {1..3}; [[ -n x ]]" } };
      expect(await invoke(simulator, messagesBody(said, { tools }))).toMatchObject({ content: [use], stop_reason: "tool_use" });
      expect(await invoke(simulator, messagesBody(said))).toMatchObject({ stop_reason: "end_turn" });
      const result = [{ type: "tool_result", tool_use_id: "x", content: [{ type: "text", text: "1 2 3" }] }];
      expect(await invoke(simulator, messagesBody(result, { tools }))).toMatchObject({
        content: [{ type: "text", text: "The tool answered: 1 2 3" }],
      });
    });
  });

  test.each([
    ["no JSON", "nonsense"],
    ["no version", JSON.stringify({ max_tokens: 1, messages: [{ role: "user", content: "x" }] })],
    ["no max_tokens", JSON.stringify({ anthropic_version: "bedrock-2023-05-31", messages: [{ role: "user", content: "x" }] })],
    ["no messages", messagesBody("x", { messages: [] })],
  ])("%s: ValidationException", async (_, body) => {
    await withSimulator(async (simulator) => {
      await expect(invoke(simulator, body)).rejects.toMatchObject({
        name: "ValidationException",
        $metadata: { httpStatusCode: 400 },
      });
    });
  });

  test("a model named by an ARN", async () => {
    await withSimulator(async (simulator) => {
      const arn = `arn:aws:bedrock:us-east-1:123456789012:inference-profile/${modelId}`;
      const client = await runtime(simulator);
      const answer = await client.send(new InvokeModelCommand({ modelId: arn, body: messagesBody("hello") }));
      expect(JSON.parse(answer.body.transformToString())).toMatchObject({ model: "claude-sonnet-4-5-20250929-v1:0" });
    });
  });
});

describe("streams", () => {
  test("the Messages API's events in their order", async () => {
    await withSimulator(async (simulator) => {
      const types = (await events(simulator, "hello")).map(({ type }) => type);
      expect(types).toEqual([
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
      ]);
    });
  });

  test("a tool's input comes in pieces that make JSON", async () => {
    await withSimulator(async (simulator) => {
      const command = "echo a long command, so that it needs more than one piece";
      const said = `[[tool:Bash ${JSON.stringify({ command })}]]`;
      const seen = (await events(simulator, said, { tools: [{ name: "Bash" }] })) as { delta?: { partial_json?: string } }[];
      const pieces = seen.flatMap(({ delta }) => delta?.partial_json ?? []);
      expect(pieces.length).toBeGreaterThan(1);
      expect(JSON.parse(pieces.join(""))).toEqual({ command });
    });
  });

  test("an exception in the middle", async () => {
    await withSimulator(async (simulator) => {
      const effect = { kind: "stream-exception", exception: "throttlingException", message: "slow" } as const;
      await simulator.control.addFault({ service: "bedrock-runtime", count: 1, effect });
      await expect(events(simulator, "hello")).rejects.toMatchObject({ name: "ThrottlingException", message: "slow" });
      expect(await events(simulator, "hello")).toHaveLength(6);
    });
  });

  test("a connection that breaks in the middle", async () => {
    await withSimulator(async (simulator) => {
      await simulator.control.addFault({ service: "bedrock-runtime", count: 1, effect: { kind: "stream-drop" } });
      await expect(events(simulator, "hello")).rejects.toThrow();
    });
  });
});

describe("Converse", () => {
  const toolConfig: ToolConfiguration = { tools: [{ toolSpec: { name: "Bash", inputSchema: { json: { type: "object" } } } }] };

  test("whole", async () => {
    await withSimulator(async (simulator) => {
      const client = await runtime(simulator);
      const answer = await client.send(new ConverseCommand({ modelId, messages: userSays("hello") }));
      expect(answer.output!.message).toEqual({ role: "assistant", content: [{ text: "You said: hello" }] });
      expect(answer.usage!.totalTokens).toBe(answer.usage!.inputTokens! + answer.usage!.outputTokens!);
      const cut = await client.send(
        new ConverseCommand({ modelId, messages: userSays("hello"), inferenceConfig: { maxTokens: 2 } }),
      );
      expect(cut).toMatchObject({ stopReason: "max_tokens", output: { message: { content: [{ text: "You said" }] } } });
    });
  });

  test("with a tool", async () => {
    await withSimulator(async (simulator) => {
      const client = await runtime(simulator);
      const messages = userSays(`[[tool:Bash {"command":"id"}]]`);
      const answer = await client.send(new ConverseCommand({ modelId, messages, toolConfig }));
      const { toolUse } = answer.output!.message!.content![0]!;
      expect(toolUse).toMatchObject({ name: "Bash", input: { command: "id" } });
      const result: Message = {
        role: "user",
        content: [{ toolResult: { toolUseId: toolUse!.toolUseId, content: [{ text: "uid=0" }] } }],
      };
      const last = await client.send(
        new ConverseCommand({ modelId, messages: [...messages, answer.output!.message!, result], toolConfig }),
      );
      expect(last.output!.message!.content).toEqual([{ text: "The tool answered: uid=0" }]);
    });
  });

  test("as a stream", async () => {
    await withSimulator(async (simulator) => {
      const client = await runtime(simulator);
      const answer = await client.send(
        new ConverseStreamCommand({ modelId, messages: userSays(`[[tool:Bash {"command":"id"}]]`), toolConfig }),
      );
      const seen: string[] = [];
      let input = "";
      for await (const event of answer.stream!) {
        seen.push(Object.keys(event)[0]!);
        input += event.contentBlockDelta?.delta?.toolUse?.input ?? "";
      }
      expect(seen).toEqual([
        "messageStart",
        "contentBlockStart",
        "contentBlockDelta",
        "contentBlockStop",
        "messageStop",
        "metadata",
      ]);
      expect(JSON.parse(input)).toEqual({ command: "id" });
    });
  });

  test("without messages: ValidationException", async () => {
    await withSimulator(async (simulator) => {
      const client = await runtime(simulator);
      await expect(client.send(new ConverseCommand({ modelId, messages: [] }))).rejects.toMatchObject({
        name: "ValidationException",
      });
    });
  });
});

test("CountTokens of both kinds of request", async () => {
  await withSimulator(async (simulator) => {
    const client = await runtime(simulator);
    const body = new TextEncoder().encode(messagesBody("x".repeat(400)));
    const counted = await client.send(new CountTokensCommand({ modelId, input: { invokeModel: { body } } }));
    expect(counted.inputTokens).toBe(Math.ceil(body.length / 4));
    const messages: Message[] = [{ role: "user", content: [{ text: "x".repeat(400) }] }];
    const converse = await client.send(new CountTokensCommand({ modelId, input: { converse: { messages } } }));
    expect(converse.inputTokens).toBeGreaterThan(100);
  });
});

test("lists and single ones of models and inference profiles", async () => {
  await withSimulator(async (simulator) => {
    const credentials = await simulator.control.roleCredentials();
    const client = new BedrockClient({ endpoint: simulator.url, region: "eu-west-1", credentials, maxAttempts: 1 });
    const first = await client.send(new ListInferenceProfilesCommand({ maxResults: 1, typeEquals: "SYSTEM_DEFINED" }));
    const { nextToken } = first;
    const rest = await client.send(new ListInferenceProfilesCommand({ nextToken }));
    const profiles = [...first.inferenceProfileSummaries!, ...rest.inferenceProfileSummaries!];
    expect(profiles.length).toBe(rest.inferenceProfileSummaries!.length + 1);
    for (const { inferenceProfileId, inferenceProfileArn } of profiles) {
      expect(inferenceProfileId).toMatch(/^eu\.anthropic\.claude-/);
      // oxlint-disable-next-line no-await-in-loop
      const one = await client.send(new GetInferenceProfileCommand({ inferenceProfileIdentifier: inferenceProfileArn }));
      expect(one.inferenceProfileId).toBe(inferenceProfileId);
    }
    const { modelSummaries } = await client.send(new ListFoundationModelsCommand({ byProvider: "Anthropic" }));
    const { modelId: modelIdentifier } = modelSummaries![0]!;
    const { modelDetails } = await client.send(new GetFoundationModelCommand({ modelIdentifier }));
    expect(modelDetails).toMatchObject({ modelId: modelIdentifier, responseStreamingSupported: true });
    await expect(client.send(new GetFoundationModelCommand({ modelIdentifier: "nobody" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});

describe("Bedrock API keys", () => {
  test("long-term", async () => {
    await withSimulator(async (simulator) => {
      const { token } = await simulator.control.createBedrockApiKey({ accountId: "111122223333", userName: "eve" });
      expect((await list(simulator, token)).status).toBe(200);
      const wrong = await list(simulator, `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`);
      expect([wrong.status, wrong.headers.get("x-amzn-errortype")]).toEqual([403, "AccessDeniedException"]);
    });
  });

  test("short-term, which dies by its own time and with its credentials", async () => {
    await withSimulator(async (simulator) => {
      const token = await shortTerm(simulator, 600_000);
      expect((await list(simulator, token)).status).toBe(200);
      expect((await list(simulator, await shortTerm(simulator, 3_601_000))).status).toBe(403);
      await simulator.control.revokeRoleCredentials();
      expect((await list(simulator, token)).status).toBe(403);
      expect((await list(simulator, "bedrock-api-key-bm9uc2Vuc2U=")).status).toBe(403);
    });
  });
});
