import { CredentialError } from "@keyspring/core";
import { expect, test } from "vitest";
import { bench, MINUTE, passing, request, type Bench } from "./testing/bench.ts";
import { issuedToken, json, oauthError, portalError, roleCredentials } from "./testing/scripted-identity-center.ts";

/** Old enough that only the advisory window counts. */
function signedIn(options: Parameters<Bench["putToken"]>[0] & { ageMinutes?: number } = {}): Bench {
  const { ageMinutes = 0, minutes = 60, ...fields } = options;
  const made = bench();
  made.putToken({ minutes: minutes + ageMinutes, ...fields });
  made.platform.clock.step(ageMinutes * MINUTE);
  made.center.on("role", () => roleCredentials(made.platform.clock.now() + 60 * MINUTE));
  made.center.on("token", issuedToken(2));
  return made;
}
const bearer = ({ platform }: Bench): string | undefined =>
  platform.requests.findLast(({ url }) => url.includes("/federation/"))?.headers?.["x-amz-sso_bearer_token"];

test.each([
  ["16 minutes left of an hour", { minutes: 16, ageMinutes: 44 }, 0],
  ["14 minutes left of an hour", { minutes: 14, ageMinutes: 46 }, 1],
  ["expired", { minutes: -1, ageMinutes: 61 }, 1],
  ["just issued for 10 minutes, at the session's end", { minutes: 10, ageMinutes: 0 }, 0],
  ["3 of 10 minutes left", { minutes: 3, ageMinutes: 7 }, 1],
])("%s: refreshed %i times", async (_, life, times) => {
  const made = signedIn(life);
  await passing(made.platform, made.source.provide(request()));
  expect(made.center.asked("token")).toHaveLength(times);
  expect(bearer(made)).toBe(times === 0 ? "access-token-1" : "access-token-2");
});

test("refreshed: with the registration the token is bound to, stored before it is used, rotated, other fields kept", async () => {
  const made = signedIn({ minutes: -1, ageMinutes: 61, theirs: 1 });
  let storedAtUse: unknown;
  made.center.on("role", () => {
    storedAtUse = made.tokenFile()?.["accessToken"];
    return roleCredentials(made.platform.clock.now() + 60 * MINUTE);
  });
  await passing(made.platform, made.source.provide(request()));
  expect(JSON.parse(made.center.asked("token")[0]!)).toEqual({
    clientId: "client-1",
    clientSecret: "client-secret-1",
    grantType: "refresh_token",
    refreshToken: "refresh-token-1",
  });
  expect(storedAtUse).toBe("access-token-2");
  const file = made.tokenFile()!;
  expect(file).toMatchObject({
    theirs: 1,
    startUrl: "https://acme.awsapps.com/start",
    region: "eu-west-1",
    accessToken: "access-token-2",
    refreshToken: "refresh-token-2",
    clientId: "client-1",
    clientSecret: "client-secret-1",
  });
  const end = Date.parse(file["expiresAt"] as string) - made.platform.clock.now();
  expect(Math.abs(end - 60 * MINUTE)).toBeLessThan(30_000);
  expect((await made.platform.files.facts(made.session.tokenFile))?.mode).toBe(0o600);
  expect(Object.keys(made.platform.files.texts()).filter((path) => path.includes("/cache/"))).toEqual([made.session.tokenFile]);
});

test("no new refresh token in the answer: the old one stays", async () => {
  const made = signedIn({ minutes: -1, ageMinutes: 61 });
  made.center.on("token", issuedToken(2, { refreshToken: undefined }));
  await passing(made.platform, made.source.provide(request()));
  expect(made.tokenFile()).toMatchObject({ accessToken: "access-token-2", refreshToken: "refresh-token-1" });
});

test.each([
  ["no refresh token", { refreshToken: undefined }],
  ["no registration", { clientId: undefined }],
  ["an expired registration", { registrationMinutes: 1 }],
])("expired with %s: a person is needed, no call", async (_, fields) => {
  const made = signedIn({ minutes: -1, ageMinutes: 61, ...fields });
  await expect(made.source.provide(request())).rejects.toMatchObject({
    code: "SIGN_IN_REQUIRED",
    message: "the sign-in at https://acme.awsapps.com/start has ended",
  });
  expect(made.platform.requests).toEqual([]);
});

test("not renewable but valid for a while: served as it is", async () => {
  const made = signedIn({ minutes: 5, ageMinutes: 55, refreshToken: undefined });
  await passing(made.platform, made.source.provide(request()));
  expect(bearer(made)).toBe("access-token-1");
});

const dropped = new CredentialError("NETWORK", "no network", { remedy: "Check it." });
test.each([
  ["network down", dropped],
  ["time-out", new CredentialError("TIMED_OUT", "late", { remedy: "x" })],
  ["server fault", oauthError("server_error", 500)],
  ["throttled", portalError("TooManyRequestsException", 429)],
  ["slow_down", oauthError("slow_down")],
  ["a page of a proxy", { status: 200, headers: {}, body: "<html>" }],
  ["a refusal of a proxy", { status: 403, headers: {}, body: "<html>" }],
])("%s while the token is still valid: served after one try", async (_, reply) => {
  const made = signedIn({ minutes: 10, ageMinutes: 50 });
  made.center.on("token", reply);
  await passing(made.platform, made.source.provide(request()));
  expect(bearer(made)).toBe("access-token-1");
  expect(made.center.asked("token")).toHaveLength(1);
});

test.each([
  ["network down", dropped, { code: "NETWORK", message: "no network" }],
  ["server fault", oauthError("server_error", 500), { code: "SOURCE_FAILED", message: expect.stringContaining("HTTP 500") }],
  [
    "throttled",
    portalError("TooManyRequestsException", 429),
    { code: "SOURCE_FAILED", remedy: expect.stringContaining("Wait") },
  ],
])(
  "%s while the token has expired: tried as often as the SDKs do, then said; nobody has to sign in",
  async (_, reply, error) => {
    const made = signedIn({ minutes: -1, ageMinutes: 61 });
    made.center.on("token", reply);
    await expect(passing(made.platform, made.source.provide(request()))).rejects.toMatchObject(error);
    expect(made.center.asked("token")).toHaveLength(3);
  },
);

test("session over: a person is needed; the dead refresh token is not asked after again", async () => {
  const made = signedIn({ minutes: -1, ageMinutes: 61 });
  made.center.on("token", oauthError("invalid_grant"));
  await expect(passing(made.platform, made.source.provide(request()))).rejects.toMatchObject({ code: "SIGN_IN_REQUIRED" });
  await expect(passing(made.platform, made.source.provide(request()))).rejects.toMatchObject({ code: "SIGN_IN_REQUIRED" });
  expect(made.center.asked("token")).toHaveLength(1);
  expect(JSON.stringify([...made.notes.all])).not.toContain("refresh-token");
  made.putToken({ n: 5, minutes: -1 });
  made.center.on("token", issuedToken(6));
  await passing(made.platform, made.source.provide(request()));
  expect(bearer(made)).toBe("access-token-6");
});

test("session over, access token still valid: served to its end", async () => {
  const made = signedIn({ minutes: 10, ageMinutes: 50 });
  made.center.on("token", oauthError("invalid_grant"));
  await passing(made.platform, made.source.provide(request()));
  await passing(made.platform, made.source.provide(request()));
  expect(bearer(made)).toBe("access-token-1");
  expect(made.center.asked("token")).toHaveLength(1);
});

test("registration unknown to Identity Center: a person is needed", async () => {
  const made = signedIn({ minutes: -1, ageMinutes: 61 });
  made.center.on("token", oauthError("invalid_client", 401));
  await expect(passing(made.platform, made.source.provide(request()))).rejects.toMatchObject({ code: "SIGN_IN_REQUIRED" });
});

test.each([0, 300, 1000])("the AWS CLI redeemed the same token first and stores it %i ms later: adopted", async (delay) => {
  const made = signedIn({ minutes: -1, ageMinutes: 61 });
  made.center.on("token", () => {
    void made.platform.clock.sleep(delay).then(() => made.putToken({ n: 9 }));
    return oauthError("invalid_grant");
  });
  await passing(made.platform, made.source.provide(request()), 100);
  expect(bearer(made)).toBe("access-token-9");
  expect(made.center.asked("token")).toHaveLength(1);
  expect(made.tokenFile()).toMatchObject({ refreshToken: "refresh-token-9" });
});

test("20 at once: one refresh", async () => {
  const made = signedIn({ minutes: -1, ageMinutes: 61 });
  await passing(made.platform, Promise.all(Array.from({ length: 20 }, () => made.source.provide(request()))));
  expect(made.center.asked("token")).toHaveLength(1);
  expect(made.center.asked("role")).toHaveLength(20);
});

test("near its end, and another process is renewing it: served without waiting, no second refresh", async () => {
  const made = signedIn({ minutes: 10, ageMinutes: 50 });
  const lock = await made.platform.locks.acquire(made.session.lockFile, new AbortController().signal);
  await passing(made.platform, made.source.provide(request()));
  expect(bearer(made)).toBe("access-token-1");
  expect(made.center.asked("token")).toEqual([]);
  await lock.release();
});

test("signed out while waiting for the lock: a person is needed", async () => {
  const made = signedIn({ minutes: -1, ageMinutes: 61 });
  const lock = await made.platform.locks.acquire(made.session.lockFile, new AbortController().signal);
  const work = made.source.provide(request());
  const expectation = expect(work).rejects.toMatchObject({ code: "SIGN_IN_REQUIRED" });
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  await made.platform.files.remove(made.session.tokenFile);
  await lock.release();
  await expectation;
  expect(made.center.asked("token")).toEqual([]);
});

test.each([
  ["disk full", "ENOSPC", /Free some disk space/],
  ["folder of somebody else", "EACCES", /ls -l/],
])("%s and expired: said before the one-time token is spent", async (_, code, remedy) => {
  const made = signedIn({ minutes: -1, ageMinutes: 61 });
  made.platform.files.fail("writeAtomic", code);
  await expect(passing(made.platform, made.source.provide(request()))).rejects.toMatchObject({
    code: "SOURCE_FAILED",
    message: `cannot write ${made.session.tokenFile} (${code})`,
    remedy: expect.stringMatching(remedy),
  });
  expect(made.center.asked("token")).toEqual([]);
});

test("disk full and still valid: served, the refresh token unspent", async () => {
  const made = signedIn({ minutes: 10, ageMinutes: 50 });
  made.platform.files.fail("writeAtomic", "ENOSPC");
  await passing(made.platform, made.source.provide(request()));
  expect(bearer(made)).toBe("access-token-1");
  expect(made.center.asked("token")).toEqual([]);
});

test("a file system without locks: said plainly", async () => {
  const made = signedIn({ minutes: -1, ageMinutes: 61 });
  made.platform.locks.acquire = async () => {
    throw new CredentialError("INVALID_CONFIGURATION", "no locks", { remedy: "x" });
  };
  await expect(made.source.provide(request())).rejects.toMatchObject({
    code: "SOURCE_FAILED",
    message: expect.stringContaining("cannot be locked"),
    remedy: expect.stringContaining("~/.aws/sso"),
  });
});

test("given up while the refresh is under way: the caller is free, the new token is stored all the same", async () => {
  const made = signedIn({ minutes: -1, ageMinutes: 61 });
  const controller = new AbortController();
  let answer: (() => void) | undefined;
  made.center.on("token", () => new Promise((resolve) => (answer = () => resolve(issuedToken(2)))));
  const work = made.source.provide(request({ signal: controller.signal }));
  const expectation = expect(work).rejects.toMatchObject({ code: "CANCELLED" });
  while (made.center.asked("token").length === 0) await new Promise((resolve) => setImmediate(resolve));
  controller.abort();
  await made.platform.clock.advance(3000);
  await expectation;
  expect(made.tokenFile()).toMatchObject({ refreshToken: "refresh-token-1" });
  answer!();
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(made.tokenFile()).toMatchObject({ refreshToken: "refresh-token-2" });
});

test("deadline over while the refresh is under way: the process is kept until the new token is stored", async () => {
  const made = signedIn({ minutes: -1, ageMinutes: 61 });
  const controller = new AbortController();
  let answer: (() => void) | undefined;
  made.center.on("token", () => new Promise((resolve) => (answer = () => resolve(issuedToken(2)))));
  const stored: unknown[] = [];
  const work = made.source.provide(request({ signal: controller.signal })).catch((error: unknown) => {
    stored.push(made.tokenFile()?.["refreshToken"]);
    throw error;
  });
  const expectation = expect(work).rejects.toMatchObject({ code: "TIMED_OUT" });
  while (made.center.asked("token").length === 0) await new Promise((resolve) => setImmediate(resolve));
  controller.abort(new CredentialError("TIMED_OUT", "15 s are over", { remedy: "x" }));
  await made.platform.clock.advance(9000);
  answer!();
  await passing(made.platform, expectation);
  expect(stored).toEqual(["refresh-token-2"]);
});

test("answer without an access token: not taken for one", async () => {
  const made = signedIn({ minutes: -1, ageMinutes: 61 });
  made.center.on("token", json(200, { expiresIn: 3600 }));
  await expect(passing(made.platform, made.source.provide(request()))).rejects.toMatchObject({ code: "SOURCE_FAILED" });
  expect(made.tokenFile()).toMatchObject({ refreshToken: "refresh-token-1" });
});
