import type { ServiceId } from "./request-log.ts";

/** Something that goes wrong, or takes long, for requests that match. */
export interface Fault {
  /** All services when absent. */
  readonly service?: ServiceId;
  /** AWS's name of the operation; all when absent. */
  readonly operation?: string;
  /** How many requests it hits; until cleared when absent. */
  readonly count?: number;
  readonly effect: FaultEffect;
}

export type FaultEffect =
  /** Answers as usual after this many milliseconds. */
  | { readonly kind: "latency"; readonly milliseconds: number }
  /** Answers with an error of the service's own format; `error` is its name, `retryAfter` in seconds. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly error?: string;
      readonly message?: string;
      readonly retryAfter?: number;
    }
  /** Closes the connection without an answer. */
  | { readonly kind: "drop" }
  /** Answers 200 with a body that is no answer. */
  | { readonly kind: "garbage"; readonly body?: string; readonly contentType?: string }
  /** Event streams only: an exception frame in the middle of the answer, e.g. `throttlingException`. */
  | { readonly kind: "stream-exception"; readonly exception: string; readonly message?: string }
  /** Event streams only: the connection ends in the middle of the answer. */
  | { readonly kind: "stream-drop" };

export interface ActiveFault extends Fault {
  readonly id: number;
  /** Requests it may still hit; absent while it lasts until cleared. */
  remaining?: number;
}

export interface Faults {
  add(fault: Fault): ActiveFault;
  /** Without `id`: all. */
  clear(id?: number): void;
  list(): readonly ActiveFault[];
  /** Uses up and returns every fault that hits this request, in the order in which they were added. */
  take(service: ServiceId, operation: string): readonly FaultEffect[];
}

export function createFaults(): Faults {
  let active: ActiveFault[] = [];
  let lastId = 0;
  return {
    add(fault) {
      const added: ActiveFault = { ...fault, id: ++lastId };
      if (fault.count !== undefined) added.remaining = fault.count;
      active.push(added);
      return added;
    },
    clear(id) {
      active = id === undefined ? [] : active.filter((fault) => fault.id !== id);
    },
    list: () => active,
    take(service, operation) {
      const hits = active.filter(
        (fault) =>
          (fault.service === undefined || fault.service === service) &&
          (fault.operation === undefined || fault.operation === operation),
      );
      for (const fault of hits) if (fault.remaining !== undefined) fault.remaining -= 1;
      active = active.filter((fault) => fault.remaining !== 0);
      return hits.map((fault) => fault.effect);
    },
  };
}
