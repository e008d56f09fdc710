import { jsonBody, type Call } from "../http/call.ts";
import { tokens } from "./conversation.ts";
import { authorizedModel, badRequest } from "./service.ts";

/** `POST /model/{modelId}/count-tokens`: of a Messages body in base64, or of a Converse request. */
export async function countTokens(call: Call): Promise<Response> {
  await authorizedModel(call, "bedrock:CountTokens");
  const input = jsonBody(call)?.["input"] as { invokeModel?: { body?: unknown }; converse?: unknown } | undefined;
  const body = input?.invokeModel?.body;
  if (typeof body === "string") return Response.json({ inputTokens: tokens(Buffer.from(body, "base64").length) });
  if (typeof input?.converse === "object") return Response.json({ inputTokens: tokens(JSON.stringify(input.converse).length) });
  throw badRequest("input must hold invokeModel or converse.");
}
