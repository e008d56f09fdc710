import type { Call } from "../http/call.ts";
import { ServiceError } from "../http/error.ts";
import { authenticate } from "../sigv4/authenticate.ts";
import { QUERY_REFUSALS } from "../sigv4/refusals.ts";
import { parametersOf } from "./parameters.ts";
import { queryAnswer } from "./xml.ts";

/** One endpoint for all of STS: the action is a field of the request. */
export function stsOperation(call: Call): Promise<Response> | Response {
  const parameters = parametersOf(call);
  const action = parameters.get("Action");
  if (action === "GetCallerIdentity") return getCallerIdentity(call);
  throw new ServiceError(
    400,
    "InvalidAction",
    `Could not find operation ${action ?? ""} for version ${parameters.get("Version") ?? ""}`,
  );
}

export function stsOperationName(call: Call): string {
  return parametersOf(call).get("Action") ?? "Unknown";
}

async function getCallerIdentity(call: Call): Promise<Response> {
  const { principal } = await authenticate(call, { signingName: "sts", refusals: QUERY_REFUSALS });
  return queryAnswer("GetCallerIdentity", { Arn: principal.arn, UserId: principal.userId, Account: principal.accountId });
}
