import { Hono } from "hono";
import type { Env } from "../http/service.ts";
import { sameText } from "../sigv4/authenticate.ts";
import { ControlError } from "./error.ts";
import { checked, CONTROL_SCHEMAS } from "./schemas.ts";
import type { HandlersOf, SimulatorControl } from "./types.ts";

/** `POST /_control/<operation>`, for holders of the token alone. */
export function controlRoutes(handlers: HandlersOf<SimulatorControl>, token: string): Hono<Env> {
  const routes = new Hono<Env>();
  routes.use(async (context, next) => {
    const given = context.req.header("authorization") ?? "";
    if (!sameText(given, `Bearer ${token}`)) return context.json({ error: "the control token is missing or wrong" }, 401);
    return next();
  });
  routes.post("/:operation", async (context) => {
    const name = context.req.param("operation");
    if (!isOperation(name)) return context.json({ error: `there is no control operation ${name}` }, 404);
    try {
      // `checked` says that the input is what the handler of the same name takes.
      const handler = handlers[name] as (input: unknown) => unknown;
      const result = await handler(checked(name, jsonIn(await context.req.text())));
      return context.json({ result: result ?? null });
    } catch (error) {
      if (error instanceof ControlError) return context.json({ error: `${name}: ${error.message}` }, 400);
      throw error;
    }
  });
  return routes;
}

function jsonIn(text: string): unknown {
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    throw new ControlError("the body is no JSON");
  }
}

function isOperation(name: string): name is keyof SimulatorControl {
  return Object.hasOwn(CONTROL_SCHEMAS, name);
}
