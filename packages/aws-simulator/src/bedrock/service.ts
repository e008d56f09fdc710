import type { Call } from "../http/call.ts";
import { restJsonError, ServiceError } from "../http/error.ts";
import type { Service } from "../http/service.ts";
import { authenticate } from "../sigv4/authenticate.ts";
import { JSON_REFUSALS } from "../sigv4/refusals.ts";
import type { Principal } from "../state/iam.ts";
import { authenticateBearer } from "./bearer.ts";

const throttled = (): ServiceError =>
  new ServiceError(429, "ThrottlingException", "Too many requests, please wait before trying again.");

export const RUNTIME_SERVICE: Service = { id: "bedrock-runtime", printError: restJsonError, throttled };
export const BEDROCK_SERVICE: Service = { id: "bedrock", printError: restJsonError, throttled };

export function badRequest(message: string): ServiceError {
  return new ServiceError(400, "ValidationException", message);
}

/**
 * Lets in who may do `action`, by signature or by API key.
 * @throws ServiceError as Bedrock's front door refuses
 */
export async function authorize(call: Call, action: string): Promise<Principal> {
  const bearer = /^Bearer\s+(.*)$/i.exec(call.headers["authorization"] ?? "")?.[1];
  if (bearer !== undefined) return authenticateBearer(call, bearer, action);
  const { principal } = await authenticate(call, { signingName: "bedrock", action, refusals: JSON_REFUSALS });
  return principal;
}

/** @returns the model that the path names, decoded: an id, an inference profile's id, or an ARN */
export async function authorizedModel(call: Call, action: string): Promise<string> {
  await authorize(call, action);
  const model = decodeURIComponent(/^\/model\/(.+)\/[^/]+$/.exec(call.path)?.[1] ?? "");
  if (!/^[\w.:/-]+$/.test(model)) throw badRequest("The provided model identifier is invalid.");
  return model;
}
