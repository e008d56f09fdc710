import { Hono } from "hono";
import { serve, type Env } from "../http/service.ts";
import type { World } from "../state/world.ts";
import { converse, converseStream } from "./converse.ts";
import { countTokens } from "./count-tokens.ts";
import { invokeModel, invokeModelWithResponseStream } from "./messages.ts";
import { getFoundationModel, getInferenceProfile, listFoundationModels, listInferenceProfiles } from "./models.ts";
import { BEDROCK_SERVICE, RUNTIME_SERVICE } from "./service.ts";

export function bedrockRoutes(world: World): Hono<Env> {
  const routes = new Hono<Env>();
  // A model may be named by an ARN, with a slash in it.
  const model = "/model/:modelId{.+}";
  routes.post(`${model}/invoke`, serve(world, RUNTIME_SERVICE, "InvokeModel", invokeModel));
  routes.post(`${model}/converse`, serve(world, RUNTIME_SERVICE, "Converse", converse));
  routes.post(`${model}/converse-stream`, serve(world, RUNTIME_SERVICE, "ConverseStream", converseStream));
  routes.post(`${model}/count-tokens`, serve(world, RUNTIME_SERVICE, "CountTokens", countTokens));
  routes.get("/inference-profiles", serve(world, BEDROCK_SERVICE, "ListInferenceProfiles", listInferenceProfiles));
  routes.get("/inference-profiles/:id{.+}", serve(world, BEDROCK_SERVICE, "GetInferenceProfile", getInferenceProfile));
  routes.get("/foundation-models", serve(world, BEDROCK_SERVICE, "ListFoundationModels", listFoundationModels));
  routes.get("/foundation-models/:id{.+}", serve(world, BEDROCK_SERVICE, "GetFoundationModel", getFoundationModel));
  routes.post(
    `${model}/invoke-with-response-stream`,
    serve(world, RUNTIME_SERVICE, "InvokeModelWithResponseStream", invokeModelWithResponseStream),
  );
  return routes;
}
