import type { Call } from "../http/call.ts";
import { ServiceError } from "../http/error.ts";
import { parseSignature } from "../sigv4/parse.ts";
import { authorize, badRequest } from "./service.ts";

/** Models that the lists show. The runtime answers for any id: the simulator does not know tomorrow's. */
const MODELS = [
  { modelId: "anthropic.claude-opus-5-5", modelName: "Claude Opus 5.5" },
  { modelId: "anthropic.claude-sonnet-4-5-20250929-v1:0", modelName: "Claude Sonnet 4.5" },
  { modelId: "anthropic.claude-haiku-4-5-20251001-v1:0", modelName: "Claude Haiku 4.5" },
] as const;

type Model = (typeof MODELS)[number];

/** When the simulated profiles came to be: the same in every answer. */
const CREATED = "2025-10-01T00:00:00Z";

/** `GET /inference-profiles?type=&maxResults=&nextToken=`. */
export async function listInferenceProfiles(call: Call): Promise<Response> {
  const { accountId } = await authorize(call, "bedrock:ListInferenceProfiles");
  const type = call.query.get("type") ?? "SYSTEM_DEFINED";
  if (type !== "SYSTEM_DEFINED" && type !== "APPLICATION") throw badRequest(`There are no profiles of the type ${type}.`);
  const maxResults = Number(call.query.get("maxResults") ?? 100);
  const start = Number(call.query.get("nextToken") ?? 0);
  if (!Number.isInteger(maxResults) || maxResults < 1 || maxResults > 1000 || !Number.isInteger(start) || start < 0) {
    throw badRequest("maxResults must be between 1 and 1000, and nextToken one that was given.");
  }
  const all = type === "APPLICATION" ? [] : MODELS.map((model) => inferenceProfile(model, regionOf(call), accountId));
  const end = start + maxResults;
  return Response.json({
    inferenceProfileSummaries: all.slice(start, end),
    ...(end < all.length ? { nextToken: String(end) } : {}),
  });
}

/** `GET /inference-profiles/{id or ARN}`. */
export async function getInferenceProfile(call: Call): Promise<Response> {
  const { accountId } = await authorize(call, "bedrock:GetInferenceProfile");
  const wanted = lastSegments(call);
  const found = MODELS.map((model) => inferenceProfile(model, regionOf(call), accountId)).find(
    ({ inferenceProfileId, inferenceProfileArn }) => inferenceProfileId === wanted || inferenceProfileArn === wanted,
  );
  if (found === undefined) throw notFound();
  return Response.json(found);
}

/** `GET /foundation-models?byProvider=`. */
export async function listFoundationModels(call: Call): Promise<Response> {
  await authorize(call, "bedrock:ListFoundationModels");
  const provider = call.query.get("byProvider")?.toLowerCase() ?? "anthropic";
  const models = provider === "anthropic" ? MODELS.map((model) => foundationModel(model, regionOf(call))) : [];
  return Response.json({ modelSummaries: models });
}

/** `GET /foundation-models/{id or ARN}`. */
export async function getFoundationModel(call: Call): Promise<Response> {
  await authorize(call, "bedrock:GetFoundationModel");
  const wanted = lastSegments(call);
  const found = MODELS.map((model) => foundationModel(model, regionOf(call))).find(
    ({ modelId, modelArn }) => modelId === wanted || modelArn === wanted,
  );
  if (found === undefined) throw notFound();
  return Response.json({ modelDetails: found });
}

function inferenceProfile({ modelId, modelName }: Model, region: string, accountId: string) {
  const inferenceProfileId = `${geography(region)}.${modelId}`;
  return {
    inferenceProfileName: `${geography(region).toUpperCase()} Anthropic ${modelName}`,
    inferenceProfileId,
    inferenceProfileArn: `arn:aws:bedrock:${region}:${accountId}:inference-profile/${inferenceProfileId}`,
    models: [{ modelArn: `arn:aws:bedrock:${region}::foundation-model/${modelId}` }],
    status: "ACTIVE",
    type: "SYSTEM_DEFINED",
    createdAt: CREATED,
    updatedAt: CREATED,
  };
}

function foundationModel({ modelId, modelName }: Model, region: string) {
  return {
    modelId,
    modelName,
    modelArn: `arn:aws:bedrock:${region}::foundation-model/${modelId}`,
    providerName: "Anthropic",
    inputModalities: ["TEXT", "IMAGE"],
    outputModalities: ["TEXT"],
    responseStreamingSupported: true,
    customizationsSupported: [],
    inferenceTypesSupported: ["INFERENCE_PROFILE"],
    modelLifecycle: { status: "ACTIVE" },
  };
}

/** The prefix of cross-region profiles. */
function geography(region: string): string {
  if (region.startsWith("ap-")) return "apac";
  return region.startsWith("eu-") ? "eu" : "us";
}

/** All regions share this address, so the signature says which one was meant; API keys leave it open. */
function regionOf(call: Call): string {
  const claimed = parseSignature(call);
  return typeof claimed === "string" ? "us-east-1" : claimed.region;
}

function lastSegments(call: Call): string {
  return decodeURIComponent(call.path.replace(/^\/[^/]+\//, ""));
}

function notFound(): ServiceError {
  return new ServiceError(404, "ResourceNotFoundException", "The resource you're requesting does not exist.");
}
