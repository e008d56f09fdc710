import type { LoggedRequest } from "../state/request-log.ts";
import type { World } from "../state/world.ts";

/** A request as the services see it: bytes and text exactly as they came, since signatures are made over them. */
export interface Call {
  readonly world: World;
  readonly method: string;
  /** As on the request line, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly params: Readonly<Record<string, string>>;
  /** Its line in the request log, to which whoever learns the caller adds it. */
  readonly entry: LoggedRequest;
  /** Ends the connection at once, answer or not. */
  dropConnection(): void;
  /** Exceptions and breaks to put in the middle of an event stream. */
  readonly streamFault: StreamFault | undefined;
}

export type StreamFault =
  | { readonly kind: "stream-exception"; readonly exception: string; readonly message?: string }
  | { readonly kind: "stream-drop" };

/** The body as a JSON object; an empty body is an empty object. `undefined` if it is none. */
export function jsonBody(call: Pick<Call, "body">): Record<string, unknown> | undefined {
  if (call.body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(call.body));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

export function textField(fields: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = fields[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** `undefined` if absent, or if it is anything but a list of texts. */
export function textListField(fields: Readonly<Record<string, unknown>>, name: string): readonly string[] | undefined {
  const value = fields[name];
  return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
}
