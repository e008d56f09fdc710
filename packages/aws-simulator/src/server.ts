import { Hono } from "hono";
import { bedrockRoutes } from "./bedrock/routes.ts";
import type { Env } from "./http/service.ts";
import { identityCenterRoutes } from "./identity-center/routes.ts";
import type { World } from "./state/world.ts";
import { metadataRoutes } from "./metadata/routes.ts";
import { stsRoutes } from "./sts/routes.ts";

/** Every service at one address: their paths do not overlap. */
export function createServer(world: World, control: Hono<Env>): Hono<Env> {
  const app = new Hono<Env>();
  app.route("/_control", control);
  app.route("/", identityCenterRoutes(world));
  app.route("/", bedrockRoutes(world));
  app.route("/", stsRoutes(world));
  app.route("/", metadataRoutes(world));
  app.notFound((context) => context.json({ message: `The simulator has nothing at ${context.req.path}.` }, 404));
  app.onError((error, context) => {
    console.error(error);
    return context.json({ message: "The simulator failed." }, 500);
  });
  return app;
}
