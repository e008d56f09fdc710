import type { Http } from "@keyspring/core";

/** What the AWS clients ask of a handler; `HttpHandler` of `@smithy/core`, as far as these two clients use it. */
interface SdkRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}
interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}
export interface SdkHttpHandler extends Record<string, unknown> {
  handle(request: SdkRequest, options?: { readonly abortSignal?: AbortSignal }): Promise<{ response: SdkResponse }>;
}

/** Lets the AWS clients speak through the platform's network, with its proxies and authorities. */
export function httpHandler(http: Http): SdkHttpHandler {
  return {
    async handle(request, options = {}) {
      const answer = await http.request({
        method: request.method,
        url: urlOf(request),
        headers: withoutConnectionHeaders(request.headers),
        ...(request.body !== undefined && { body: request.body }),
        ...(options.abortSignal && { signal: options.abortSignal }),
      });
      const body = new TextEncoder().encode(answer.body);
      return { response: { statusCode: answer.status, headers: answer.headers, body } };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
}

function urlOf({ protocol, hostname, port, path, query }: SdkRequest): string {
  const url = new URL(`${protocol}//${hostname}${port === undefined ? "" : `:${port}`}${path}`);
  for (const [name, value] of Object.entries(query ?? {}))
    for (const item of typeof value === "string" || value === null ? [value] : value) url.searchParams.append(name, item ?? "");
  return url.href;
}

/** The platform's client computes these itself. */
function withoutConnectionHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(?:host|content-length)$/i.test(name)));
}
