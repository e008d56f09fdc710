import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import * as v from "valibot";
import type { Env } from "../http/service.ts";
import { sameText } from "../sigv4/authenticate.ts";
import { ControlError } from "./error.ts";
import type { ControlHandlers } from "./operations.ts";
import { CONTROL_SCHEMAS } from "./schemas.ts";
import type { SimulatorControl } from "./types.ts";

/** `POST /_control/<operation>`, for holders of the token alone. */
export function controlRoutes(handlers: ControlHandlers, token: string): Hono<Env> {
  const routes = new Hono<Env>();
  routes.use(bodyLimit({ maxSize: 1024 * 1024 }));
  routes.use(async (context, next) => {
    const given = context.req.header("authorization") ?? "";
    if (!sameText(given, `Bearer ${token}`)) return context.json({ error: "the control token is missing or wrong" }, 401);
    return next();
  });
  routes.post("/:operation", async (context) => {
    const name = context.req.param("operation");
    if (!isOperation(name)) return context.json({ error: `there is no control operation ${name}` }, 404);
    const text = await context.req.text();
    let body: unknown;
    try {
      body = text === "" ? {} : JSON.parse(text);
    } catch {
      return context.json({ error: "the body is no JSON" }, 400);
    }
    const input = v.safeParse(CONTROL_SCHEMAS[name], body);
    if (!input.success) {
      const [issue] = input.issues;
      return context.json({ error: `${name}: ${v.getDotPath(issue) ?? "input"}: ${issue.message}` }, 400);
    }
    try {
      // The schema of `name` has just said that the input is the handler's.
      const handler = handlers[name] as (input: unknown) => unknown;
      return context.json({ result: (await handler(input.output)) ?? null });
    } catch (error) {
      if (error instanceof ControlError) return context.json({ error: `${name}: ${error.message}` }, 409);
      throw error;
    }
  });
  return routes;
}

function isOperation(name: string): name is keyof SimulatorControl {
  return Object.hasOwn(CONTROL_SCHEMAS, name);
}
