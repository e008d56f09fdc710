import { jsonBody, type Call } from "../http/call.ts";
import { answerTo, type Conversation, type Turn } from "./conversation.ts";
import { eventStreamAnswer, type StreamEvent } from "./event-stream.ts";
import { pieces } from "./messages.ts";
import { authorizedModel, badRequest } from "./service.ts";

interface ConverseRequest {
  readonly messages?: readonly { readonly content?: unknown }[];
  readonly inferenceConfig?: { readonly maxTokens?: number };
  readonly toolConfig?: { readonly tools?: readonly { readonly toolSpec?: { readonly name?: unknown } }[] };
}

/** `POST /model/{modelId}/converse`. */
export async function converse(call: Call): Promise<Response> {
  await authorizedModel(call, "bedrock:InvokeModel");
  const turn = answerTo(converseConversation(call.body));
  return Response.json({
    output: { message: { role: "assistant", content: turn.blocks.map(wholeBlock) } },
    stopReason: turn.stopReason,
    usage: usage(turn),
    metrics: { latencyMs: 1 },
  });
}

/** `POST /model/{modelId}/converse-stream`. */
export async function converseStream(call: Call): Promise<Response> {
  await authorizedModel(call, "bedrock:InvokeModelWithResponseStream");
  return eventStreamAnswer(call, converseEvents(answerTo(converseConversation(call.body))));
}

function converseConversation(body: Uint8Array): Conversation {
  const request = jsonBody({ body }) as ConverseRequest | undefined;
  const last = Array.isArray(request?.messages) ? request.messages.at(-1) : undefined;
  if (request === undefined || last === undefined || !Array.isArray(last.content)) {
    throw badRequest("The number of messages must be greater than or equal to 1, each with a list of contents.");
  }
  const blocks = last.content as { text?: unknown; toolResult?: { content?: { text?: unknown; json?: unknown }[] } }[];
  return {
    texts: blocks.flatMap(({ text }) => (typeof text === "string" ? [text] : [])),
    toolResults: blocks.flatMap(({ toolResult }) =>
      toolResult === undefined
        ? []
        : [
            (toolResult.content ?? [])
              .map(({ text, json }) => (typeof text === "string" ? text : JSON.stringify(json)))
              .join("\n"),
          ],
    ),
    toolNames: (request.toolConfig?.tools ?? []).flatMap(({ toolSpec }) =>
      typeof toolSpec?.name === "string" ? [toolSpec.name] : [],
    ),
    size: body.length,
    maxTokens: request.inferenceConfig?.maxTokens ?? Number.POSITIVE_INFINITY,
  };
}

function converseEvents(turn: Turn): StreamEvent[] {
  return [
    { type: "messageStart", payload: { role: "assistant" } },
    ...turn.blocks.flatMap((block, contentBlockIndex): StreamEvent[] => [
      ...(block.kind === "tool"
        ? [
            {
              type: "contentBlockStart",
              payload: { contentBlockIndex, start: { toolUse: { toolUseId: block.id, name: block.name } } },
            },
          ]
        : []),
      ...pieces(block.kind === "text" ? block.text : JSON.stringify(block.input)).map((piece) => ({
        type: "contentBlockDelta",
        payload: { contentBlockIndex, delta: block.kind === "text" ? { text: piece } : { toolUse: { input: piece } } },
      })),
      { type: "contentBlockStop", payload: { contentBlockIndex } },
    ]),
    { type: "messageStop", payload: { stopReason: turn.stopReason } },
    { type: "metadata", payload: { usage: usage(turn), metrics: { latencyMs: 1 } } },
  ];
}

function wholeBlock(block: Turn["blocks"][number]): Record<string, unknown> {
  if (block.kind === "text") return { text: block.text };
  return { toolUse: { toolUseId: block.id, name: block.name, input: block.input } };
}

function usage({ inputTokens, outputTokens }: Turn): Record<string, number> {
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens };
}
