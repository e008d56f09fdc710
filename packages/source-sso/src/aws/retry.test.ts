import { CredentialError } from "@keyspring/core";
import { fakePlatform, type FakePlatform } from "@keyspring/core/testing";
import { expect, test } from "vitest";
import { passing } from "../testing/bench.ts";
import { json, oauthError, portalError, roleCredentials, type Reply } from "../testing/scripted-identity-center.ts";
import { getRoleCredentials } from "./portal.ts";

const role = { accountId: "123456789012", roleName: "BedrockUser" };
const good = roleCredentials(Date.parse("2026-01-01T01:00:00Z"));

function machine(...replies: Reply[]): FakePlatform {
  return fakePlatform({
    answer(request) {
      const reply = replies.length > 1 ? replies.shift()! : replies[0]!;
      if (reply instanceof Error) throw reply;
      return typeof reply === "function" ? reply(request) : reply;
    },
  });
}
const obtain = (
  platform: FakePlatform,
  attempts = 3,
  signal = new AbortController().signal,
): ReturnType<typeof getRoleCredentials> =>
  getRoleCredentials({ platform, region: "eu-west-1", signal, attempts }, "access-token-1", role);

test.each([
  ["429", portalError("TooManyRequestsException", 429)],
  ["500", portalError("InternalServerException", 500)],
  ["503 of a balancer, no JSON", { status: 503, headers: {}, body: "<html>" }],
  ["a dropped connection", new CredentialError("NETWORK", "dropped", { remedy: "x" })],
])("%s, then well: one answer", async (_, trouble) => {
  const platform = machine(trouble, trouble, good);
  expect(await passing(platform, obtain(platform))).toMatchObject({ accessKeyId: "ASIAFAKEFAKEFAKE0001" });
  expect(platform.requests).toHaveLength(3);
});

test("three tries and no more", async () => {
  const platform = machine(portalError("TooManyRequestsException", 429));
  await expect(passing(platform, obtain(platform))).rejects.toMatchObject({ status: 429, code: "too_many_requests" });
  expect(platform.requests).toHaveLength(3);
});

test.each([
  ["a refusal", portalError("ForbiddenException", 403)],
  ["a time-out", new CredentialError("TIMED_OUT", "late", { remedy: "x" })],
  ["an answer that is no JSON", { status: 200, headers: {}, body: "<html>welcome to the hotel</html>" }],
  ["an answer that lacks the keys", json(200, {})],
  ["an oauth refusal", oauthError("invalid_grant")],
])("%s is not asked again", async (_, reply) => {
  const platform = machine(reply);
  await expect(passing(platform, obtain(platform))).rejects.toThrow();
  expect(platform.requests).toHaveLength(1);
});

test("the server's wish to wait is honoured", async () => {
  const throttled = portalError("TooManyRequestsException", 429);
  const platform = machine({ ...throttled, headers: { ...throttled.headers, "retry-after": "3" } }, good);
  const start = platform.clock.now();
  await passing(platform, obtain(platform), 100);
  expect(platform.clock.now() - start).toBeGreaterThanOrEqual(3000);
});

test("given up while waiting for the next try: ends at once with the caller's reason", async () => {
  const platform = machine(portalError("TooManyRequestsException", 429));
  const controller = new AbortController();
  const late = new CredentialError("TIMED_OUT", "deadline", { remedy: "x" });
  platform.random = () => new Uint8Array([255, 255]);
  const work = obtain(platform, 3, controller.signal);
  const expectation = expect(work).rejects.toBe(late);
  while (platform.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
  controller.abort(late);
  await expectation;
  expect(platform.requests).toHaveLength(1);
});
