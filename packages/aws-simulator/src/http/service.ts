import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Http2Bindings, HttpBindings } from "@hono/node-server";
import type { Context, Handler } from "hono";
import type { FaultEffect } from "../state/faults.ts";
import type { ServiceId } from "../state/request-log.ts";
import type { World } from "../state/world.ts";
import type { Call, StreamFault } from "./call.ts";
import { ServiceError } from "./error.ts";

export type Env = { Bindings: HttpBindings | Http2Bindings };

/** What is common to a service's operations. */
export interface Service {
  readonly id: ServiceId;
  printError(error: ServiceError, requestId: string): Response | Promise<Response>;
  /** How it says "too many requests". */
  throttled(): ServiceError;
}

export type Operation = (call: Call) => Promise<Response> | Response;

/**
 * Wraps an operation in what AWS does around each: the log, throttling, faults that tests asked for, request ids, the Date header,
 * and errors in the service's own format.
 * @param name AWS's name of the operation, or how to find it in the request
 */
export function serve(
  world: World,
  service: Service,
  name: string | ((call: Call) => string),
  operation: Operation,
): Handler<Env> {
  return async (context) => {
    const body = await context.req.arrayBuffer().catch(() => undefined);
    // The client went away before it had said everything: nobody asked for anything.
    if (body === undefined) return new Response(null, { status: 400 });
    const call = callOf(world, service, typeof name === "string" ? name : "", context, new Uint8Array(body));
    if (typeof name !== "string") call.entry.operation = name(call);
    const requestId = randomUUID();
    let response: Response;
    let outcome = "ok";
    try {
      const answered = await withFaults(call, service, operation);
      if (answered === "dropped") {
        world.log.finish(call.entry, "dropped");
        call.dropConnection();
        return new Response(null);
      }
      response = answered;
    } catch (error) {
      const known = error instanceof ServiceError ? error : new ServiceError(500, "InternalFailure", "The simulator failed.");
      if (known !== error) console.error(`${service.id} ${call.entry.operation}:`, error);
      outcome = known.code;
      response = await service.printError(known, requestId);
    }
    response.headers.set("date", new Date(world.clock.wall()).toUTCString());
    response.headers.set("x-amzn-requestid", requestId);
    world.log.finish(call.entry, outcome, response.status);
    return response;
  };
}

async function withFaults(call: Call, service: Service, operation: Operation): Promise<Response | "dropped"> {
  const { world, entry } = call;
  let streamFault: StreamFault | undefined;
  for (const effect of world.faults.take(service.id, entry.operation)) {
    if (effect.kind === "drop") return "dropped";
    if (effect.kind === "latency") await sleep(effect.milliseconds);
    else if (effect.kind === "status") throw errorOf(effect, service);
    else if (effect.kind === "garbage") return garbage(effect);
    else streamFault = effect;
  }
  if (!world.rateLimits.admit(service.id, entry.operation)) throw service.throttled();
  return operation({ ...call, streamFault });
}

function errorOf(effect: Extract<FaultEffect, { kind: "status" }>, service: Service): ServiceError {
  const headers: Record<string, string> = effect.retryAfter === undefined ? {} : { "retry-after": String(effect.retryAfter) };
  if (effect.status === 429 && effect.error === undefined) {
    const { code, message } = service.throttled();
    return new ServiceError(429, code, effect.message ?? message, headers);
  }
  const usual = effect.status === 503 ? "ServiceUnavailableException" : "InternalServerException";
  return new ServiceError(
    effect.status,
    effect.error ?? usual,
    effect.message ?? "This answer was asked for by a test.",
    headers,
  );
}

function garbage({ body, contentType }: Extract<FaultEffect, { kind: "garbage" }>): Response {
  return new Response(body ?? "<html><body>Your network asks you to log in</body></html>", {
    headers: { "content-type": contentType ?? "text/html" },
  });
}

function callOf(world: World, service: Service, operation: string, context: Context<Env>, body: Uint8Array): Call {
  const { incoming } = context.env;
  const [path, query] = splitOnce(incoming.url ?? "/", "?");
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(",") : value;
  }
  const client = headers["user-agent"];
  const entry = world.log.begin({
    time: new Date(world.clock.wall()).toISOString(),
    service: service.id,
    operation,
    ...(client === undefined ? {} : { client }),
  });
  return {
    world,
    method: incoming.method ?? "GET",
    path,
    query: new URLSearchParams(query),
    headers,
    body,
    params: context.req.param() as Record<string, string>,
    entry,
    // A reset, since HTTP/2 would end a mere `destroy` in good order.
    dropConnection: () => incoming.socket.resetAndDestroy(),
    streamFault: undefined,
  };
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
