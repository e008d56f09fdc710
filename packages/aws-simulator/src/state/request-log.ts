/** One request that a client made. Never holds a secret. */
export interface LoggedRequest {
  /** Counts up from 1. */
  readonly id: number;
  /** When it arrived, ISO 8601, by the simulator's clock. */
  readonly time: string;
  readonly service: ServiceId;
  /** AWS's name of the operation, e.g. `GetRoleCredentials`. */
  operation: string;
  /** `pending` until answered, `ok`, or the error's name. A connection that the simulator dropped is `dropped`. */
  outcome: string;
  status?: number;
  accessKeyId?: string;
  /** ARN of the verified caller, or the signed-in user's name. */
  principal?: string;
  /** How the caller's credentials came about. */
  source?: CredentialOrigin;
  /** The client's `User-Agent`. */
  readonly client?: string;
}

export type ServiceId =
  | "sso-oidc"
  | "sso"
  | "sign-in"
  | "sts"
  | "bedrock"
  | "bedrock-runtime"
  | "imds"
  | "container"
  | "web-identity";

export type CredentialOrigin =
  | "identity-center"
  | "iam-user"
  | "assume-role"
  | "web-identity"
  | "session-token"
  | "instance"
  | "container";

export interface RequestFilter {
  readonly service?: ServiceId;
  readonly operation?: string;
  readonly outcome?: string;
  readonly accessKeyId?: string;
  /** Only requests with a greater `id`. */
  readonly after?: number;
}

export interface RequestLog {
  begin(entry: Omit<LoggedRequest, "id" | "outcome">): LoggedRequest;
  finish(entry: LoggedRequest, outcome: string, status?: number): void;
  list(filter?: RequestFilter): readonly LoggedRequest[];
  /** Answered requests by `service/operation`. */
  counts(): Record<string, number>;
  /** Resolves with the matching requests once there are `count`, or with those there are after `timeout` milliseconds. */
  waitFor(filter: RequestFilter, count: number, timeout: number): Promise<readonly LoggedRequest[]>;
  clear(): void;
}

export function createRequestLog(): RequestLog {
  let entries: LoggedRequest[] = [];
  let lastId = 0;
  const waiting = new Set<() => void>();
  const changed = (): void => {
    for (const check of waiting) check();
  };
  const list = (filter: RequestFilter = {}): readonly LoggedRequest[] => entries.filter((entry) => matches(entry, filter));
  return {
    begin(facts) {
      const entry: LoggedRequest = { id: ++lastId, ...facts, outcome: "pending" };
      entries.push(entry);
      changed();
      return entry;
    },
    finish(entry, outcome, status) {
      entry.outcome = outcome;
      if (status !== undefined) entry.status = status;
      changed();
    },
    list,
    counts() {
      const counts: Record<string, number> = {};
      for (const { service, operation, outcome } of entries) {
        if (outcome !== "pending") counts[`${service}/${operation}`] = (counts[`${service}/${operation}`] ?? 0) + 1;
      }
      return counts;
    },
    waitFor(filter, count, timeout) {
      return new Promise((resolve) => {
        const settle = (): void => {
          waiting.delete(check);
          clearTimeout(timer);
          resolve(list(filter));
        };
        const check = (): void => {
          if (list(filter).length >= count) settle();
        };
        const timer = setTimeout(settle, timeout);
        waiting.add(check);
        check();
      });
    },
    clear() {
      entries = [];
      changed();
    },
  };
}

function matches(entry: LoggedRequest, filter: RequestFilter): boolean {
  return (
    (filter.service === undefined || entry.service === filter.service) &&
    (filter.operation === undefined || entry.operation === filter.operation) &&
    (filter.outcome === undefined ? entry.outcome !== "pending" : entry.outcome === filter.outcome) &&
    (filter.accessKeyId === undefined || entry.accessKeyId === filter.accessKeyId) &&
    entry.id > (filter.after ?? 0)
  );
}
