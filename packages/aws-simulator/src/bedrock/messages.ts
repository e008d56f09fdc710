import { randomUUID } from "node:crypto";
import { jsonBody, type Call } from "../http/call.ts";
import { answerTo, type Conversation, type Turn } from "./conversation.ts";
import { eventStreamAnswer, type StreamEvent } from "./event-stream.ts";
import { authorizedModel, badRequest } from "./service.ts";

/** The Anthropic Messages API as Bedrock's `InvokeModel` carries it. */
interface MessagesRequest {
  readonly anthropic_version?: unknown;
  readonly max_tokens?: unknown;
  readonly messages?: readonly { readonly role?: unknown; readonly content?: unknown }[];
  readonly tools?: readonly { readonly name?: unknown }[];
}

/** `POST /model/{modelId}/invoke`. */
export async function invokeModel(call: Call): Promise<Response> {
  const model = await authorizedModel(call, "bedrock:InvokeModel");
  const turn = answerTo(conversationIn(call));
  return Response.json(
    {
      ...messageHead(model),
      content: turn.blocks.map((block) => contentBlock(block, true)),
      stop_reason: turn.stopReason,
      usage: usage(turn, turn.outputTokens),
    },
    { headers: tokenHeaders(turn) },
  );
}

/** `POST /model/{modelId}/invoke-with-response-stream`: the Messages API's events, each base64 in a `chunk` frame. */
export async function invokeModelWithResponseStream(call: Call): Promise<Response> {
  const model = await authorizedModel(call, "bedrock:InvokeModelWithResponseStream");
  const turn = answerTo(conversationIn(call));
  const events: StreamEvent[] = messageEvents(model, turn).map((event) => ({
    type: "chunk",
    payload: { bytes: Buffer.from(JSON.stringify(event)).toString("base64"), p: "abcdefghijkl" },
  }));
  return eventStreamAnswer(call, events, { "x-amzn-bedrock-content-type": "application/json" });
}

/** Checks what Bedrock checks of a Messages body. */
function conversationIn({ body }: Call): Conversation {
  const request = jsonBody({ body }) as MessagesRequest | undefined;
  if (request === undefined) throw badRequest("Malformed input request, please reformat your input and try again.");
  if (typeof request.anthropic_version !== "string") throw badRequest("anthropic_version: Field required");
  if (!Number.isInteger(request.max_tokens)) throw badRequest("max_tokens: Field required");
  // Claude Code adds messages of the role `system` after the user's own.
  const last = Array.isArray(request.messages) ? request.messages.findLast(({ role }) => role === "user") : undefined;
  if (last === undefined) throw badRequest("messages: at least one message of the user is required");
  const blocks = typeof last.content === "string" ? [{ type: "text", text: last.content }] : last.content;
  if (!Array.isArray(blocks)) throw badRequest("messages: content is missing");
  const known = blocks as { type?: unknown; text?: unknown; content?: unknown }[];
  return {
    texts: known.flatMap(({ type, text }) => (type === "text" && typeof text === "string" ? [text] : [])),
    toolResults: known.filter(({ type }) => type === "tool_result").map(({ content }) => textOf(content)),
    toolNames: (request.tools ?? []).flatMap(({ name }) => (typeof name === "string" ? [name] : [])),
    size: body.length,
    maxTokens: request.max_tokens as number,
  };
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.flatMap((block: { text?: unknown }) => (typeof block.text === "string" ? [block.text] : [])).join("\n");
}

function messageHead(model: string): Record<string, unknown> {
  return {
    id: `msg_bdrk_${randomUUID().replaceAll("-", "")}`,
    type: "message",
    role: "assistant",
    model: model.replace(/^.*?(claude-)/, "$1"),
    content: [],
    stop_reason: null,
    stop_sequence: null,
  };
}

function usage(turn: Turn, outputTokens: number): Record<string, number> {
  return {
    input_tokens: turn.inputTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: outputTokens,
  };
}

function messageEvents(model: string, turn: Turn): Record<string, unknown>[] {
  return [
    { type: "message_start", message: { ...messageHead(model), usage: usage(turn, 1) } },
    ...turn.blocks.flatMap((block, index) => [
      { type: "content_block_start", index, content_block: contentBlock(block, false) },
      ...pieces(block.kind === "text" ? block.text : JSON.stringify(block.input)).map((piece) => ({
        type: "content_block_delta",
        index,
        delta: block.kind === "text" ? { type: "text_delta", text: piece } : { type: "input_json_delta", partial_json: piece },
      })),
      { type: "content_block_stop", index },
    ]),
    {
      type: "message_delta",
      delta: { stop_reason: turn.stopReason, stop_sequence: null },
      usage: { output_tokens: turn.outputTokens },
    },
    {
      type: "message_stop",
      "amazon-bedrock-invocationMetrics": {
        inputTokenCount: turn.inputTokens,
        outputTokenCount: turn.outputTokens,
        invocationLatency: 1,
        firstByteLatency: 1,
      },
    },
  ];
}

function contentBlock(block: Turn["blocks"][number], whole: boolean): Record<string, unknown> {
  if (block.kind === "text") return { type: "text", text: whole ? block.text : "" };
  return { type: "tool_use", id: block.id, name: block.name, input: whole ? block.input : {} };
}

/** Streams come in pieces; some clients only work when they are one. */
export function pieces(text: string): string[] {
  const characters = Array.from(text);
  const count = Math.ceil(characters.length / 24);
  return Array.from({ length: count }, (_, index) => characters.slice(index * 24, (index + 1) * 24).join(""));
}

function tokenHeaders(turn: Turn): Record<string, string> {
  return {
    "x-amzn-bedrock-input-token-count": String(turn.inputTokens),
    "x-amzn-bedrock-output-token-count": String(turn.outputTokens),
    "x-amzn-bedrock-invocation-latency": "1",
  };
}
