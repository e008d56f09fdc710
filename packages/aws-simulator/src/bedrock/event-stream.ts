import { EventStreamCodec } from "@smithy/core/event-streams";
import { fromUtf8, toUtf8 } from "@smithy/core/serde";
import type { Call } from "../http/call.ts";

export interface StreamEvent {
  /** `:event-type`, e.g. `chunk` or `contentBlockDelta`. */
  readonly type: string;
  readonly payload: unknown;
}

const codec = new EventStreamCodec(toUtf8, fromUtf8);

function text(value: string): { type: "string"; value: string } {
  return { type: "string", value };
}

function frame(kind: "event" | "exception", type: string, payload: unknown): Uint8Array {
  return codec.encode({
    headers: {
      [kind === "event" ? ":event-type" : ":exception-type"]: text(type),
      ":content-type": text("application/json"),
      ":message-type": text(kind),
    },
    body: fromUtf8(JSON.stringify(payload)),
  });
}

/**
 * An answer in `application/vnd.amazon.eventstream`, one frame per event. A fault that a test asked for comes after half of them.
 */
export function eventStreamAnswer(
  call: Call,
  events: readonly StreamEvent[],
  headers: Readonly<Record<string, string>> = {},
): Response {
  const { streamFault } = call;
  const good = streamFault === undefined ? events : events.slice(0, Math.ceil(events.length / 2));
  let next = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const event = good[next++];
      if (event !== undefined) return controller.enqueue(frame("event", event.type, event.payload));
      if (streamFault?.kind === "stream-drop") return call.dropConnection();
      if (streamFault !== undefined) {
        const message = streamFault.message ?? "This exception was asked for by a test.";
        controller.enqueue(frame("exception", streamFault.exception, { message }));
      }
      controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "application/vnd.amazon.eventstream", ...headers } });
}
