import type { LoggedRequest } from "../state/request-log.ts";
import { CONTROL_SCHEMAS } from "./schemas.ts";
import type { RoleCredentials, RoleCredentialsInput, SimulatorControl, WaitForInput } from "./types.ts";

/** Longest that one request to `waitFor` stays open; the client asks again. */
const LONG_POLL = 20_000;

/**
 * The control operations of a running simulator, from any process.
 * @param url its address, as `startSimulator` returned or printed it
 * @param token its control token
 */
export function simulatorControl(url: string, token: string): SimulatorControl {
  const call = async (name: string, input: object = {}): Promise<unknown> => {
    const answer = await fetch(`${url}/_control/${name}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(input),
    });
    const body = (await answer.json()) as { result?: unknown; error?: string };
    if (!answer.ok) throw new Error(body.error ?? `The simulator's control answered ${answer.status}.`);
    return body.result;
  };
  const waitFor = async ({ count = 1, timeout = 10_000, ...filter }: WaitForInput): Promise<readonly LoggedRequest[]> => {
    const end = performance.now() + timeout;
    for (;;) {
      const left = end - performance.now();
      // Waiting is one long poll after another: the condition is the server's to see.
      // oxlint-disable-next-line no-await-in-loop
      const found = (await call("waitFor", {
        ...filter,
        count,
        timeout: Math.max(0, Math.min(left, LONG_POLL)),
      })) as LoggedRequest[];
      if (found.length >= count) return found;
      if (left <= LONG_POLL) {
        throw new Error(
          `Waited ${timeout} ms for ${count} requests like ${JSON.stringify(filter)}; there were ${found.length}.`,
        );
      }
    }
  };
  const roleCredentials = async (input?: RoleCredentialsInput): Promise<RoleCredentials> => {
    const answer = (await call("roleCredentials", input)) as RoleCredentials;
    return { ...answer, expiration: new Date(answer.expiration) };
  };
  const operations = Object.keys(CONTROL_SCHEMAS).map((name) => [name, (input?: object) => call(name, input)]);
  return { ...(Object.fromEntries(operations) as SimulatorControl), roleCredentials, waitFor };
}
