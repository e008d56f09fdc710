import { CredentialError } from "@keyspring/core";
import { expect, test } from "vitest";
import { bench, MINUTE, passing, request } from "./testing/bench.ts";
import { issuedToken, oauthError, portalError, roleCredentials, SERVICE_TEXT } from "./testing/scripted-identity-center.ts";

const inOneHour = (now: number): number => now + 60 * MINUTE;

test("signed in: the role's credentials, from one call", async () => {
  const { platform, center, source, putToken } = bench();
  putToken();
  center.on("role", roleCredentials(inOneHour(platform.clock.now())));
  expect(await passing(platform, source.provide(request()))).toEqual({
    accessKeyId: "ASIAFAKEFAKEFAKE0001",
    secretAccessKey: expect.any(String),
    sessionToken: "session-token-0001",
    expiration: new Date("2026-01-01T01:00:00Z"),
    accountId: "123456789012",
  });
  expect(platform.requests).toHaveLength(1);
  const { url, headers } = platform.requests[0]!;
  expect(url).toBe(
    "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?role_name=BedrockUser&account_id=123456789012",
  );
  expect(headers?.["x-amz-sso_bearer_token"]).toBe("access-token-1");
});

test.each(["absent", "expiring", "rejected"] as const)(
  "asked because %s: nothing remembered, new credentials each time",
  async (reason) => {
    const { platform, center, source, putToken } = bench();
    putToken();
    const end = inOneHour(platform.clock.now());
    center.on("role", roleCredentials(end, 1), roleCredentials(end, 2));
    const first = await passing(platform, source.provide(request({ reason })));
    const second = await passing(platform, source.provide(request({ reason })));
    expect(second.accessKeyId).not.toBe(first.accessKeyId);
    expect(center.asked("token")).toEqual([]);
  },
);

test("nobody signed in: no call, and what to type", async () => {
  const { platform, source } = bench();
  await expect(source.provide(request())).rejects.toMatchObject({
    code: "SIGN_IN_REQUIRED",
    message: "nobody is signed in at https://acme.awsapps.com/start",
    remedy: "Run: keyspring login --profile acme-dev",
  });
  expect(platform.requests).toEqual([]);
});

test.each([
  [{ account_id: undefined }, "account_id"],
  [{ role_name: undefined }, "role_name"],
  [{ account_id: undefined, role_name: undefined }, "account_id and role_name"],
])("%o: says which key is missing and where it goes", async (options, missing) => {
  const { source, putToken } = bench(options);
  putToken();
  await expect(source.provide(request())).rejects.toMatchObject({
    code: "INVALID_CONFIGURATION",
    message: `acme-dev does not say ${missing}`,
    remedy: expect.stringContaining("profiles.acme-dev.options"),
  });
});

test("access token revoked, session alive: renewed once, then served", async () => {
  const { platform, center, source, putToken, tokenFile } = bench();
  putToken();
  center.on("role", portalError("UnauthorizedException", 401), roleCredentials(inOneHour(platform.clock.now())));
  center.on("token", issuedToken(2));
  expect(await passing(platform, source.provide(request({ reason: "rejected" })))).toMatchObject({ accountId: "123456789012" });
  expect(center.asked("token")).toHaveLength(1);
  expect(center.asked("role")).toHaveLength(2);
  expect(tokenFile()).toMatchObject({ accessToken: "access-token-2", refreshToken: "refresh-token-2" });
});

test("access token revoked, another program signed in meanwhile: its token, no refresh", async () => {
  const { platform, center, source, putToken } = bench();
  putToken();
  center.on(
    "role",
    () => {
      putToken({ n: 7 });
      return portalError("UnauthorizedException", 401);
    },
    roleCredentials(inOneHour(platform.clock.now())),
  );
  await passing(platform, source.provide(request()));
  expect(center.asked("token")).toEqual([]);
  expect(platform.requests.at(-1)?.headers?.["x-amz-sso_bearer_token"]).toBe("access-token-7");
});

test.each([
  ["and cannot be renewed", { refreshToken: undefined }, 0, 1],
  ["and the session is over", {}, 1, 1],
])("access token revoked %s: a person is needed", async (_, fields, refreshes, asks) => {
  const { platform, center, source, putToken } = bench();
  putToken(fields);
  center.on("role", portalError("UnauthorizedException", 401));
  center.on("token", oauthError("invalid_grant"));
  await expect(passing(platform, source.provide(request()))).rejects.toMatchObject({
    code: "SIGN_IN_REQUIRED",
    message: "Identity Center no longer accepts the sign-in at https://acme.awsapps.com/start",
  });
  expect(center.asked("token")).toHaveLength(refreshes);
  expect(center.asked("role")).toHaveLength(asks);
});

test("the renewed access token is refused too: a person is needed, no third try", async () => {
  const { platform, center, source, putToken } = bench();
  putToken();
  center.on("role", portalError("UnauthorizedException", 401));
  center.on("token", issuedToken(2));
  await expect(passing(platform, source.provide(request()))).rejects.toMatchObject({ code: "SIGN_IN_REQUIRED" });
  expect(center.asked("role")).toHaveLength(2);
  expect(center.asked("token")).toHaveLength(1);
});

test.each([
  [
    "not assigned",
    portalError("ForbiddenException", 403),
    /role BedrockUser in account 123456789012/,
    /administrator of https:\/\/acme/,
  ],
  [
    "no such role",
    portalError("ResourceNotFoundException", 404),
    /no role BedrockUser in account 123456789012/,
    /administrator/,
  ],
  ["not understood", portalError("InvalidRequestException", 400), /no role BedrockUser/, /role_name and account_id/],
  ["throttled", portalError("TooManyRequestsException", 429), /too many requests/, /Wait a minute/],
  ["a balancer's 503", { status: 503, headers: {}, body: `<html>${SERVICE_TEXT}</html>` }, /HTTP 503/, /Try again/],
  ["broken", portalError("InternalServerException", 500), /HTTP 500/, /Try again/],
  [
    "a hotel's welcome page",
    { status: 200, headers: {}, body: `<html>${SERVICE_TEXT}</html>` },
    /not Identity Center/,
    /proxy/,
  ],
  [
    "a redirect to it",
    { status: 302, headers: { location: `https://${SERVICE_TEXT}` }, body: "" },
    /not Identity Center/,
    /network/,
  ],
  ["a proxy's 403", { status: 403, headers: {}, body: `<html>${SERVICE_TEXT}</html>` }, /not Identity Center/, /proxy/],
  ["a proxy's 401", { status: 401, headers: {}, body: `<html>${SERVICE_TEXT}</html>` }, /not Identity Center/, /proxy/],
  ["an answer without keys", { status: 200, headers: {}, body: "{}" }, /not Identity Center/, /proxy/],
])("%s: one line what, one line what to do, none of the service's own text", async (_, reply, message, remedy) => {
  const { platform, center, source, putToken } = bench();
  putToken();
  center.on("role", reply);
  const error: unknown = await passing(platform, source.provide(request())).catch((caught: unknown) => caught);
  expect(error).toMatchObject({
    code: "SOURCE_FAILED",
    message: expect.stringMatching(message),
    remedy: expect.stringMatching(remedy),
  });
  const { stack, message: said, remedy: advised, cause } = error as CredentialError;
  expect(`${stack}${said}${advised}${String(cause)}`).not.toMatch(/echo-of-a-secret|access-token|refresh-token|client-secret/);
  expect(`${said}${advised}`).not.toContain("\n");
});

test.each([
  ["network", new CredentialError("NETWORK", "portal could not be reached", { remedy: "Check the network." }), "NETWORK"],
  ["time", new CredentialError("TIMED_OUT", "portal did not answer", { remedy: "Check the network." }), "TIMED_OUT"],
])("no %s: the platform's own words", async (_, failure, code) => {
  const { platform, center, source, putToken } = bench();
  putToken();
  center.on("role", failure);
  await expect(passing(platform, source.provide(request()))).rejects.toMatchObject({ code, message: failure.message });
});

test.each([
  ["its own reason", new CredentialError("TIMED_OUT", "15 s are over", { remedy: "x" }), "TIMED_OUT"],
  ["no reason", undefined, "CANCELLED"],
])("given up with %s", async (_, reason, code) => {
  const { center, source, putToken } = bench();
  putToken();
  const controller = new AbortController();
  center.on(
    "role",
    ({ signal }) => new Promise((__, reject) => signal?.addEventListener("abort", () => reject(signal.reason as Error))),
  );
  const work = source.provide(request({ signal: controller.signal }));
  const expectation = expect(work).rejects.toMatchObject({ code });
  while (center.asked("role").length === 0) await new Promise((resolve) => setImmediate(resolve));
  controller.abort(reason);
  await expectation;
});

test("given up before it began: no call", async () => {
  const { platform, source, putToken } = bench();
  putToken();
  await expect(source.provide(request({ signal: AbortSignal.abort() }))).rejects.toMatchObject({ code: "CANCELLED" });
  expect(platform.requests).toEqual([]);
});

test("clock ahead: what has just been issued looks ended, and the person is sent to the clock", async () => {
  const made = bench();
  made.putToken();
  made.center.on("role", roleCredentials(made.platform.clock.now() - 60 * MINUTE));
  await expect(passing(made.platform, made.source.provide(request()))).rejects.toMatchObject({
    code: "INVALID_OUTPUT",
    message: "by this machine's clock the credentials that Identity Center has just issued ended 1 h ago",
    remedy: expect.stringContaining("date -u"),
  });
});
