import { Hono } from "hono";
import { restJsonError, ServiceError } from "../http/error.ts";
import { serve, type Env, type Service } from "../http/service.ts";
import type { World } from "../state/world.ts";
import { stsOperation, stsOperationName } from "./operations.ts";
import { issuerUrl } from "./web-identity.ts";
import { STS_SERVICE } from "./xml.ts";

const WEB_IDENTITY_SERVICE: Service = {
  id: "web-identity",
  printError: restJsonError,
  throttled: () => new ServiceError(429, "TooManyRequests", "Too many requests"),
};

export function stsRoutes(world: World): Hono<Env> {
  const routes = new Hono<Env>();
  routes.on(["GET", "POST"], "/", serve(world, STS_SERVICE, stsOperationName, stsOperation));
  routes.get(
    "/web-identity/.well-known/openid-configuration",
    serve(world, WEB_IDENTITY_SERVICE, "GetConfiguration", () =>
      Response.json({
        issuer: issuerUrl(world),
        jwks_uri: `${issuerUrl(world)}/jwks`,
        response_types_supported: ["id_token"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
      }),
    ),
  );
  routes.get(
    "/web-identity/jwks",
    serve(world, WEB_IDENTITY_SERVICE, "GetKeys", async () => Response.json({ keys: [(await world.webIdentity()).jwk] })),
  );
  return routes;
}
