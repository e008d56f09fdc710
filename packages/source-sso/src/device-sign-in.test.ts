import { CredentialError, silentLog } from "@keyspring/core";
import { expect, test } from "vitest";
import { ssoPlugin } from "./plugin.ts";
import { bench, fakePerson, MINUTE, passing, request, type Bench } from "./testing/bench.ts";
import { issuedToken, json, oauthError, SERVICE_TEXT, type Reply } from "./testing/scripted-identity-center.ts";

const registered = (n = 1): Reply =>
  json(200, {
    clientId: `client-${n}`,
    clientSecret: `client-secret-${n}`,
    clientSecretExpiresAt: Date.parse("2026-04-01T00:00:00Z") / 1000,
  });

const authorized = (n = 1, fields: Record<string, unknown> = {}): Reply =>
  json(200, {
    deviceCode: `device-code-${n}`,
    userCode: `ABCD-000${n}`,
    verificationUri: "https://device.example/",
    verificationUriComplete: `https://device.example/?user_code=ABCD-000${n}`,
    expiresIn: 600,
    interval: 5,
    ...fields,
  });

const pending = oauthError("authorization_pending");

function signedOut(options: Record<string, unknown> = {}): Bench {
  const made = bench(options);
  made.center.on("register", registered());
  made.center.on("authorize", authorized());
  made.center.on("token", pending, pending, issuedToken(1));
  return made;
}

test("first sign-in: registered, code shown, browser opened, polled at the answer's interval, token stored", async () => {
  const made = signedOut();
  const person = fakePerson();
  const polledAt: number[] = [];
  made.center.on(
    "token",
    ...[pending, pending, issuedToken(1)].map((reply) => () => (polledAt.push(made.platform.clock.now()), reply)),
  );
  await passing(made.platform, made.source.signIn(request(), person));

  expect(JSON.parse(made.center.asked("register")[0]!)).toEqual({
    clientName: "keyspring",
    clientType: "public",
    scopes: ["sso:account:access"],
  });
  expect(JSON.parse(made.center.asked("authorize")[0]!)).toEqual({
    clientId: "client-1",
    clientSecret: "client-secret-1",
    startUrl: "https://acme.awsapps.com/start",
  });
  expect(JSON.parse(made.center.asked("token")[0]!)).toEqual({
    clientId: "client-1",
    clientSecret: "client-secret-1",
    grantType: "urn:ietf:params:oauth:grant-type:device_code",
    deviceCode: "device-code-1",
  });
  expect(person.prompts).toEqual([
    {
      url: "https://device.example/",
      urlComplete: "https://device.example/?user_code=ABCD-0001",
      code: "ABCD-0001",
      expiration: expect.any(Date),
    },
  ]);
  expect(person.opened).toEqual(["https://device.example/?user_code=ABCD-0001"]);
  expect(polledAt.slice(1).map((at, index) => at - polledAt[index]!)).toEqual([5000, 5000]);
  expect(made.tokenFile()).toEqual({
    startUrl: "https://acme.awsapps.com/start",
    region: "eu-west-1",
    accessToken: "access-token-1",
    expiresAt: expect.stringMatching(/^2026-01-01T01:\d\d:\d\dZ$/),
    clientId: "client-1",
    clientSecret: "client-secret-1",
    registrationExpiresAt: "2026-04-01T00:00:00Z",
    refreshToken: "refresh-token-1",
  });
  expect(JSON.parse(made.platform.files.texts()[made.session.registrationFile]!)).toEqual({
    clientId: "client-1",
    clientSecret: "client-secret-1",
    expiresAt: "2026-04-01T00:00:00Z",
    scopes: ["sso:account:access"],
  });
  for (const file of [made.session.tokenFile, made.session.registrationFile])
    expect((await made.platform.files.facts(file))?.mode).toBe(0o600);
  expect(made.notes.all.size).toBe(0);
  expect(JSON.stringify([person.prompts, person.lines, person.opened])).not.toMatch(
    /secret|device-code|access-token|refresh-token/,
  );
});

const registration = { clientId: "theirs", clientSecret: "their-secret", expiresAt: "2026-03-01T00:00:00Z" };
test.each([
  ["the AWS CLI's registration", registration, "theirs"],
  ["one in the old way of writing times", { ...registration, expiresAt: "2026-03-01T00:00:00UTC" }, "theirs"],
  [
    "one for devices, said so",
    { ...registration, grantTypes: ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"] },
    "theirs",
  ],
  ["one for the authorization code", { ...registration, grantTypes: ["authorization_code", "refresh_token"] }, "client-1"],
  ["one that ends in 14 minutes", { ...registration, expiresAt: "2026-01-01T00:14:00Z" }, "client-1"],
  ["one that is broken", { clientId: 1 }, "client-1"],
])("%s: used if it serves", async (_, cached, clientId) => {
  const made = signedOut();
  made.platform.files.put(made.session.registrationFile, JSON.stringify(cached));
  await passing(made.platform, made.source.signIn(request(), fakePerson()));
  expect(made.tokenFile()?.["clientId"]).toBe(clientId);
  expect(made.center.asked("register")).toHaveLength(clientId === "theirs" ? 0 : 1);
});

test.each(["invalid_client", "unauthorized_client"])("cached registration refused with %s: a new one", async (code) => {
  const made = signedOut();
  made.platform.files.put(made.session.registrationFile, JSON.stringify(registration));
  made.center.on("authorize", oauthError(code, 401), authorized());
  await passing(made.platform, made.source.signIn(request(), fakePerson()));
  expect(made.tokenFile()?.["clientId"]).toBe("client-1");
});

test.each([
  ["unknown start URL", "authorize", oauthError("invalid_request"), /does not accept https:\/\/acme/, /start_url and region/],
  ["unknown scope", "register", oauthError("invalid_scope"), /no such scope: sso:account:access/, /scopes/],
  ["even a new client is unknown", "authorize", oauthError("invalid_client", 401), /invalid_client/, /region/],
] as const)("%s: a slip in the configuration", async (_, operation, reply, message, remedy) => {
  const made = signedOut();
  made.center.on(operation, reply);
  const error: unknown = await passing(made.platform, made.source.signIn(request(), fakePerson())).catch(
    (caught: unknown) => caught,
  );
  expect(error).toMatchObject({
    code: "INVALID_CONFIGURATION",
    message: expect.stringMatching(message),
    remedy: expect.stringMatching(remedy),
  });
  expect(String((error as Error).stack)).not.toContain(SERVICE_TEXT);
});

test.each([
  ["network", new CredentialError("NETWORK", "no network", { remedy: "x" }), "NETWORK"],
  ["login storm", oauthError("slow_down"), "SOURCE_FAILED"],
  ["server fault", oauthError("server_error", 500), "SOURCE_FAILED"],
  ["an address of another scheme", authorized(1, { verificationUri: "file:///etc/passwd" }), "SOURCE_FAILED"],
])("cannot begin: %s", async (_, reply, code) => {
  const made = signedOut();
  const person = fakePerson();
  made.center.on("authorize", reply);
  await expect(passing(made.platform, made.source.signIn(request(), person))).rejects.toMatchObject({ code });
  expect(person.opened).toEqual([]);
});

test("a complete address of another scheme is never opened", async () => {
  const made = signedOut();
  const person = fakePerson();
  made.center.on("authorize", authorized(1, { verificationUriComplete: "javascript:alert(1)" }));
  await passing(made.platform, made.source.signIn(request(), person));
  expect(person.opened).toEqual(["https://device.example/"]);
});

test("slow_down: 5 s more between polls from then on", async () => {
  const made = signedOut();
  const polledAt: number[] = [];
  const replies = [pending, oauthError("slow_down"), pending, pending, issuedToken(1)];
  made.center.on("token", ...replies.map((reply) => () => (polledAt.push(made.platform.clock.now()), reply)));
  await passing(made.platform, made.source.signIn(request(), fakePerson()));
  expect(polledAt.slice(1).map((at, index) => at - polledAt[index]!)).toEqual([5000, 10_000, 10_000, 10_000]);
});

test.each([undefined, 0, -1])("interval %s in the answer: 5 s", async (interval) => {
  const made = signedOut();
  made.center.on("authorize", authorized(1, { interval }));
  const start = made.platform.clock.now();
  made.center.on("token", issuedToken(1));
  await passing(made.platform, made.source.signIn(request(), fakePerson()));
  expect(made.platform.clock.now() - start).toBeGreaterThanOrEqual(5000);
});

test.each([
  ["denied", oauthError("access_denied"), "SIGN_IN_REQUIRED", /denied/],
  ["expired", oauthError("expired_token"), "TIMED_OUT", /expired/],
  ["ended otherwise", oauthError("invalid_grant"), "SIGN_IN_REQUIRED", /invalid_grant/],
])("%s: said, forgotten, nothing stored", async (_, reply, code, message) => {
  const made = signedOut();
  made.center.on("token", pending, reply);
  await expect(passing(made.platform, made.source.signIn(request(), fakePerson()))).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
    remedy: "Run: keyspring login --profile acme-dev",
  });
  expect(made.notes.all.size).toBe(0);
  expect(made.tokenFile()).toBeUndefined();
});

test("nobody approves: ends when the code does", async () => {
  const made = signedOut();
  made.center.on("token", pending);
  const start = made.platform.clock.now();
  await expect(passing(made.platform, made.source.signIn(request(), fakePerson()), 5000)).rejects.toMatchObject({
    code: "TIMED_OUT",
  });
  expect(made.platform.clock.now() - start).toBeLessThan(11 * MINUTE);
  expect(made.notes.all.size).toBe(0);
});

test.each([
  ["network", new CredentialError("NETWORK", "no network", { remedy: "x" })],
  ["server fault", oauthError("server_error", 500)],
  ["429", oauthError("too_many", 429)],
  ["refusal of a proxy", { status: 403, headers: {}, body: "<html>" }],
])("%s while polling: said once, tried on", async (_, trouble) => {
  const made = signedOut();
  const person = fakePerson();
  made.center.on("token", trouble, trouble, pending, issuedToken(1));
  await passing(made.platform, made.source.signIn(request(), person));
  expect(person.lines).toEqual(["Identity Center cannot be reached; still trying."]);
  expect(made.tokenFile()).toMatchObject({ accessToken: "access-token-1" });
});

test("network gone until the code expired: that is what is said", async () => {
  const made = signedOut();
  made.center.on("token", new CredentialError("NETWORK", "no network", { remedy: "x" }));
  await expect(passing(made.platform, made.source.signIn(request(), fakePerson()), 5000)).rejects.toMatchObject({
    code: "NETWORK",
  });
});

test("`aws sso login` in another terminal meanwhile: done", async () => {
  const made = signedOut();
  const person = fakePerson();
  made.center.on("token", () => (made.putToken({ n: 8 }), pending));
  await passing(made.platform, made.source.signIn(request(), person));
  expect(made.tokenFile()).toMatchObject({ accessToken: "access-token-8" });
  expect(person.lines).toEqual(["Signed in by another program."]);
  expect(made.center.asked("token")).toHaveLength(1);
  expect(made.notes.all.size).toBe(0);
});

test("a revoked token that still looks valid does not count as signed in", async () => {
  const made = signedOut();
  made.putToken({ n: 3 });
  made.center.on("token", pending, issuedToken(4));
  await passing(made.platform, made.source.signIn(request(), fakePerson()));
  expect(made.tokenFile()).toMatchObject({ accessToken: "access-token-4", refreshToken: "refresh-token-4" });
});

test("new sign-in without a refresh token: the old one, of another client, goes", async () => {
  const made = signedOut();
  made.putToken({ n: 3, minutes: -5, theirs: 1 });
  made.center.on("token", issuedToken(4, { refreshToken: undefined }));
  await passing(made.platform, made.source.signIn(request(), fakePerson()));
  expect(made.tokenFile()).toMatchObject({ accessToken: "access-token-4", theirs: 1 });
  expect(made.tokenFile()).not.toHaveProperty("refreshToken");
});

/** Lets a sign-in run until it polled once, then ends its process. */
async function killed(made: Bench, person = fakePerson()): Promise<void> {
  const controller = new AbortController();
  made.center.on("token", () => (controller.abort(), pending));
  const work = made.source.signIn(request({ signal: controller.signal }), person);
  await expect(passing(made.platform, work)).rejects.toMatchObject({ code: "CANCELLED" });
}

/** The same profile in another process: only files and notes are shared. */
function secondProcess(made: Bench): Bench["source"] {
  const { options, platform, notes } = made;
  return ssoPlugin.create(options, { profile: "acme-dev", platform, notes, log: silentLog, chain: [] }) as Bench["source"];
}

test("killed in mid-sign-in, resumed: same address and code, no second tab, one device authorization", async () => {
  const made = signedOut();
  const first = fakePerson();
  await killed(made, first);
  made.center.on("token", issuedToken(1));
  const second = fakePerson();
  await passing(made.platform, secondProcess(made).signIn(request(), second));
  expect(second.prompts).toEqual(first.prompts);
  expect(second.opened).toEqual([]);
  expect(made.center.asked("authorize")).toHaveLength(1);
  expect(made.center.asked("token").map((body) => (JSON.parse(body) as { deviceCode: string }).deviceCode)).toEqual([
    "device-code-1",
    "device-code-1",
  ]);
  expect(made.notes.all.size).toBe(0);
  expect(made.tokenFile()).toMatchObject({ accessToken: "access-token-1" });
});

test.each([
  ["at a terminal", fakePerson({ browser: true }), fakePerson({ terminal: true }), 1],
  ["where the first could open none", fakePerson({ browser: false }), fakePerson(), 1],
])("resumed %s: the browser is opened", async (_, first, second, tabs) => {
  const made = signedOut();
  await killed(made, first);
  made.center.on("token", issuedToken(1));
  await passing(made.platform, secondProcess(made).signIn(request(), second));
  expect(second.opened).toHaveLength(tabs);
});

test("resumed after somebody signed in elsewhere: done without a poll", async () => {
  const made = signedOut();
  await killed(made);
  made.putToken({ n: 8 });
  const before = made.center.asked("token").length;
  await passing(made.platform, secondProcess(made).signIn(request(), fakePerson()));
  expect(made.center.asked("token")).toHaveLength(before);
});

test.each(["invalid_grant", "expired_token", "invalid_client"])(
  "resumed, but the code answers %s: a new code",
  async (code) => {
    const made = signedOut();
    await killed(made);
    made.center.on("authorize", authorized(2));
    made.center.on("token", oauthError(code), issuedToken(2));
    const person = fakePerson();
    await passing(made.platform, secondProcess(made).signIn(request(), person));
    expect(person.prompts.map((prompt) => prompt.code)).toEqual(["ABCD-0001", "ABCD-0002"]);
    expect(made.tokenFile()).toMatchObject({ accessToken: "access-token-2" });
  },
);

test("resumed and then denied: not begun again", async () => {
  const made = signedOut();
  await killed(made);
  made.center.on("token", oauthError("access_denied"));
  await expect(passing(made.platform, secondProcess(made).signIn(request(), fakePerson()))).rejects.toMatchObject({
    code: "SIGN_IN_REQUIRED",
  });
  expect(made.center.asked("authorize")).toHaveLength(1);
});

test.each([
  ["its code is about to expire", (made: Bench) => made.platform.clock.step(9.5 * MINUTE)],
  ["it was for another start URL", (made: Bench) => rewriteNote(made, { startUrl: "https://globex.awsapps.com/start" })],
  ["it was for another region", (made: Bench) => rewriteNote(made, { region: "us-east-1" })],
  ["its note is broken", (made: Bench) => rewriteNote(made, { deviceCode: 1 })],
])("a sign-in left under way is not taken up when %s", async (_, change) => {
  const made = signedOut();
  await killed(made);
  change(made);
  made.center.on("authorize", authorized(2));
  made.center.on("token", issuedToken(2));
  const person = fakePerson();
  await passing(made.platform, secondProcess(made).signIn(request(), person));
  expect(person.prompts.map((prompt) => prompt.code)).toEqual(["ABCD-0002"]);
});

function rewriteNote({ notes }: Bench, fields: Record<string, unknown>): void {
  for (const [name, value] of notes.all) notes.all.set(name, { ...(value as object), ...fields });
}

test("notes cannot be written: signs in all the same", async () => {
  const made = signedOut();
  made.notes.write = async () => {
    throw Object.assign(new Error("full"), { code: "ENOSPC" });
  };
  await passing(made.platform, made.source.signIn(request(), fakePerson()));
  expect(made.tokenFile()).toMatchObject({ accessToken: "access-token-1" });
});

test("cache cannot be written: said before anybody goes to the browser", async () => {
  const made = signedOut();
  const person = fakePerson();
  made.platform.files.fail("writeAtomic", "EROFS");
  await expect(passing(made.platform, made.source.signIn(request(), person))).rejects.toMatchObject({ code: "SOURCE_FAILED" });
  expect(person.prompts).toEqual([]);
  expect(made.platform.requests).toEqual([]);
});

test("force: the old session is ended, a sign-in under way dropped, a new one begun", async () => {
  const made = signedOut();
  await killed(made);
  made.putToken({ n: 3 });
  made.center.on("logout", json(200, {}));
  made.center.on("authorize", authorized(2));
  made.center.on("token", issuedToken(4));
  const person = fakePerson();
  await passing(made.platform, made.source.signIn(request({ force: true }), person));
  expect(made.center.asked("logout")).toHaveLength(1);
  expect(person.prompts.map((prompt) => prompt.code)).toEqual(["ABCD-0002"]);
  expect(made.tokenFile()).toMatchObject({ accessToken: "access-token-4" });
});

test("force with Identity Center unable to end the session: warned, signed in", async () => {
  const made = signedOut();
  made.putToken({ n: 3 });
  made.center.on("logout", oauthError("server_error", 500));
  made.center.on("token", issuedToken(4));
  const person = fakePerson();
  await passing(made.platform, made.source.signIn(request({ force: true }), person));
  expect(person.lines).toEqual([expect.stringContaining("may end when it would have")]);
  expect(made.tokenFile()).toMatchObject({ accessToken: "access-token-4" });
});

test("force with nobody signed in: an ordinary sign-in", async () => {
  const made = signedOut();
  await passing(made.platform, made.source.signIn(request({ force: true }), fakePerson()));
  expect(made.center.asked("logout")).toEqual([]);
});

test("given up between two polls: ends at once with the caller's reason, the code stays for the next", async () => {
  const made = signedOut();
  made.center.on("token", pending);
  const controller = new AbortController();
  const late = new CredentialError("TIMED_OUT", "165 s are over", { remedy: "x" });
  const person = fakePerson();
  const work = made.source.signIn(request({ signal: controller.signal }), person);
  const expectation = expect(work).rejects.toBe(late);
  while (person.opened.length === 0) await new Promise((resolve) => setImmediate(resolve));
  controller.abort(late);
  await expectation;
  expect([...made.notes.all.keys()]).toEqual([`sign-in-${made.session.id}`]);
});

test("given up while the deciding poll is under way: the token is stored, the sign-in counts", async () => {
  const made = signedOut();
  const controller = new AbortController();
  made.center.on("token", () => (controller.abort(), issuedToken(1)));
  await passing(made.platform, made.source.signIn(request({ signal: controller.signal }), fakePerson()));
  expect(made.tokenFile()).toMatchObject({ accessToken: "access-token-1" });
  expect(made.notes.all.size).toBe(0);
});

test("sign-in needs neither account nor role", async () => {
  const made = signedOut({ account_id: undefined, role_name: undefined });
  await passing(made.platform, made.source.signIn(request(), fakePerson()));
  expect(made.tokenFile()).toBeDefined();
});

test("two roles of one session sign in once; legacy and named sessions are apart", () => {
  const [a, b, legacy, named] = [{ role_name: "A" }, { role_name: "B" }, { session: undefined }, { session: "my-sso" }].map(
    (options) => bench(options).source.signInScope,
  );
  expect(a).toBe(b);
  expect(legacy).not.toBe(a);
  expect(named).toBe("0ad374308c5a4e22f723adf10145eafad7c4031c");
});
