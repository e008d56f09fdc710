import type { HttpAnswer, HttpRequest } from "@keyspring/core";

export type Operation = "register" | "authorize" | "token" | "role" | "logout";
export type Reply = HttpAnswer | Error | ((request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>);

const PATHS: readonly (readonly [string, Operation])[] = [
  ["/client/register", "register"],
  ["/device_authorization", "authorize"],
  ["/token", "token"],
  ["/federation/credentials", "role"],
  ["/logout", "logout"],
];

export interface ScriptedIdentityCenter {
  answer(request: HttpRequest): Promise<HttpAnswer>;
  /** The answers to come for an operation; the last one is given again and again. */
  on(operation: Operation, ...replies: Reply[]): void;
  /** Bodies (or, of role requests, addresses) of an operation's requests. */
  asked(operation: Operation): string[];
}

/** Identity Center as far as a test tells it. What is not told may not be asked. */
export function scriptedIdentityCenter(): ScriptedIdentityCenter {
  const replies = new Map<Operation, Reply[]>();
  const requests: (readonly [Operation, HttpRequest])[] = [];
  return {
    async answer(request) {
      const path = new URL(request.url).pathname;
      const operation = PATHS.find(([end]) => path.endsWith(end))?.[1];
      const queue = operation && replies.get(operation);
      if (operation === undefined || queue === undefined)
        throw new Error(`unexpected request: ${request.method} ${request.url}`);
      requests.push([operation, request]);
      const reply = queue.length > 1 ? queue.shift()! : queue[0]!;
      if (reply instanceof Error) throw reply;
      return typeof reply === "function" ? reply(request) : reply;
    },
    on: (operation, ...next) => void replies.set(operation, next),
    asked: (operation) =>
      requests
        .filter(([asked]) => asked === operation)
        .map(([, { body, url }]) =>
          operation === "role" ? url : typeof body === "string" ? body : new TextDecoder().decode(body),
        ),
  };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): HttpAnswer {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

/** As SSO-OIDC refuses: the code in the body, the exception's name in a header. */
export function oauthError(code: string, status = 400): HttpAnswer {
  const name = code.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const body = { error: code, error_description: `text of the service: ${SERVICE_TEXT}` };
  return json(status, body, { "x-amzn-errortype": `${name}Exception` });
}

/** As the portal refuses. */
export function portalError(name: string, status: number): HttpAnswer {
  return json(status, { message: `text of the service: ${SERVICE_TEXT}` }, { "x-amzn-errortype": name });
}

/** What a service might say of what it was sent; must never reach a person. */
export const SERVICE_TEXT = "echo-of-a-secret-that-was-sent";

export function roleCredentials(expiration: number, n = 1): HttpAnswer {
  const tail = String(n).padStart(4, "0");
  return json(200, {
    roleCredentials: {
      accessKeyId: `ASIAFAKEFAKEFAKE${tail}`,
      secretAccessKey: `neverIssuedByAWS+${"x".repeat(19)}${tail}`,
      sessionToken: `session-token-${tail}`,
      expiration,
    },
  });
}

export function issuedToken(n: number, fields: Record<string, unknown> = {}): HttpAnswer {
  const body = { accessToken: `access-token-${n}`, tokenType: "Bearer", expiresIn: 3600, refreshToken: `refresh-token-${n}` };
  return json(200, { ...body, ...fields });
}
