import { Hono } from "hono";
import { serve, type Env } from "../http/service.ts";
import type { World } from "../state/world.ts";
import { invokeModel, invokeModelWithResponseStream } from "./messages.ts";
import { RUNTIME_SERVICE } from "./service.ts";

export function bedrockRoutes(world: World): Hono<Env> {
  const routes = new Hono<Env>();
  // A model may be named by an ARN, with a slash in it.
  const model = "/model/:modelId{.+}";
  routes.post(`${model}/invoke`, serve(world, RUNTIME_SERVICE, "InvokeModel", invokeModel));
  routes.post(
    `${model}/invoke-with-response-stream`,
    serve(world, RUNTIME_SERVICE, "InvokeModelWithResponseStream", invokeModelWithResponseStream),
  );
  return routes;
}
