import { Hono } from "hono";
import type { Call } from "../http/call.ts";
import { ServiceError } from "../http/error.ts";
import { serve, type Env, type Service } from "../http/service.ts";
import { sameText } from "../sigv4/authenticate.ts";
import { currentKey, type OfferedRole } from "../state/metadata.ts";
import { randomText } from "../state/secrets.ts";
import type { World } from "../state/world.ts";

const IMDS: Service = {
  id: "imds",
  printError: ({ status, message }) => new Response(message, { status }),
  throttled: () => new ServiceError(503, "Throttled", "Service Unavailable"),
};
const CONTAINER: Service = {
  id: "container",
  printError: ({ status, code, message }) => Response.json({ Code: code, Message: message }, { status }),
  throttled: () => new ServiceError(429, "Throttled", "Too many requests"),
};
const LONGEST_TOKEN = 21_600;

/**
 * The instance metadata service (version 2 alone: tokens are needed) and the container credentials endpoint, so that tests can put
 * valid credentials of somebody else within reach. Nothing is offered until `offerCredentials` says so.
 */
export function metadataRoutes(world: World): Hono<Env> {
  const routes = new Hono<Env>();
  const credentials = "/latest/meta-data/iam/security-credentials";
  routes.put("/latest/api/token", serve(world, IMDS, "GetToken", giveToken));
  routes.get(credentials, serve(world, IMDS, "GetRoleName", roleName));
  routes.get(`${credentials}/`, serve(world, IMDS, "GetRoleName", roleName));
  routes.get(`${credentials}/:role`, serve(world, IMDS, "GetCredentials", instanceCredentials));
  routes.get("/container-credentials", serve(world, CONTAINER, "GetCredentials", containerCredentials));
  return routes;
}

function giveToken(call: Call): Response {
  if (call.world.metadata.instance === undefined) throw nothingHere();
  if (call.headers["x-forwarded-for"] !== undefined) throw new ServiceError(403, "Forbidden", "Forbidden");
  const seconds = Number(call.headers["x-aws-ec2-metadata-token-ttl-seconds"]);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_TOKEN)
    throw new ServiceError(400, "BadRequest", "Bad Request");
  const token = randomText(40);
  call.world.metadata.instanceTokens.set(token, call.world.clock.now() + seconds * 1000);
  return new Response(token, { headers: { "x-aws-ec2-metadata-token-ttl-seconds": String(seconds) } });
}

function roleName(call: Call): Response {
  return new Response(instanceOffer(call).roleName);
}

function instanceCredentials(call: Call): Response {
  const offer = instanceOffer(call);
  if (call.params["role"] !== offer.roleName) throw nothingHere();
  return Response.json({
    Code: "Success",
    LastUpdated: new Date(call.world.clock.wall()).toISOString(),
    Type: "AWS-HMAC",
    ...printed(call.world, offer),
  });
}

function instanceOffer(call: Call): OfferedRole {
  const { instance, instanceTokens } = call.world.metadata;
  if (instance === undefined) throw nothingHere();
  const end = instanceTokens.get(call.headers["x-aws-ec2-metadata-token"] ?? "");
  if (end === undefined || call.world.clock.now() >= end) throw new ServiceError(401, "Unauthorized", "Unauthorized");
  call.entry.principal = instance.principal.arn;
  return instance;
}

function containerCredentials(call: Call): Response {
  const { container } = call.world.metadata;
  if (container === undefined) throw nothingHere();
  if (!sameText(call.headers["authorization"] ?? "", container.authorization)) {
    throw new ServiceError(401, "Unauthorized", "The authorization token is missing or wrong.");
  }
  call.entry.principal = container.principal.arn;
  return Response.json({ RoleArn: container.principal.arn, ...printed(call.world, container) });
}

function printed(world: World, offer: OfferedRole): Record<string, string> {
  const key = currentKey(world, offer);
  return {
    AccessKeyId: key.accessKeyId,
    SecretAccessKey: key.secretAccessKey,
    Token: key.sessionToken,
    Expiration: new Date(key.claimedExpiration).toISOString().replace(/\.\d+/, ""),
  };
}

function nothingHere(): ServiceError {
  return new ServiceError(404, "NotFound", "Not Found");
}
