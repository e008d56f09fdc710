import { CredentialError } from "@keyspring/core";
import { expect, test } from "vitest";
import { bench, passing, request } from "./testing/bench.ts";
import { issuedToken, json, oauthError, portalError } from "./testing/scripted-identity-center.ts";

test("signed in: the session is ended, its token goes, everybody else's and the registration stay", async () => {
  const { platform, center, source, session, putToken } = bench();
  putToken();
  const others = "/home/ada/.aws/sso/cache/0000000000000000000000000000000000000000.json";
  platform.files.put(others, '{"accessToken":"other"}');
  platform.files.put(session.registrationFile, "{}");
  center.on("logout", json(200, {}));
  await passing(platform, source.signOut(request()));
  expect(platform.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
    "POST https://portal.sso.eu-west-1.amazonaws.com/logout",
  ]);
  expect(platform.requests[0]?.headers?.["x-amz-sso_bearer_token"]).toBe("access-token-1");
  expect(Object.keys(platform.files.texts()).toSorted()).toEqual([others, session.registrationFile].toSorted());
});

test("nobody signed in: nothing to do, no call; what is left of a token goes", async () => {
  const { platform, source, session } = bench();
  platform.files.put(session.tokenFile, '{"refreshToken":"left over"}');
  await source.signOut(request());
  await source.signOut(request());
  expect(platform.requests).toEqual([]);
  expect(platform.files.texts()).toEqual({});
});

test("a sign-in under way goes too", async () => {
  const { notes, source, session } = bench();
  notes.all.set(`sign-in-${session.id}`, {});
  await source.signOut(request());
  expect(notes.all.size).toBe(0);
});

test("access token near its end: ended with it, no refresh before", async () => {
  const { platform, center, source, putToken } = bench();
  putToken({ minutes: 2 });
  platform.clock.step(60_000);
  center.on("logout", json(200, {}));
  await passing(platform, source.signOut(request()));
  expect(platform.requests).toHaveLength(1);
});

test("access token expired, session alive: renewed, so that it can be ended", async () => {
  const { platform, center, source, putToken, tokenFile } = bench();
  putToken({ minutes: -1 });
  center.on("token", issuedToken(2));
  center.on("logout", json(200, {}));
  await passing(platform, source.signOut(request()));
  expect(platform.requests.at(-1)?.headers?.["x-amz-sso_bearer_token"]).toBe("access-token-2");
  expect(tokenFile()).toBeUndefined();
});

test.each([
  ["the token is no longer accepted", { minutes: 60 }],
  ["the session is over", { minutes: -1 }],
])("%s: signed out all the same", async (_, life) => {
  const { platform, center, source, putToken, tokenFile } = bench();
  putToken(life);
  center.on("token", oauthError("invalid_grant"));
  center.on("logout", portalError("UnauthorizedException", 401));
  await passing(platform, source.signOut(request()));
  expect(tokenFile()).toBeUndefined();
});

test.each([
  ["network down", new CredentialError("NETWORK", "no network", { remedy: "x" }), "NETWORK"],
  ["server fault", portalError("InternalServerException", 500), "SOURCE_FAILED"],
])("%s: the token goes, and the person learns that the session lives on", async (_, reply, code) => {
  const { platform, center, source, putToken, tokenFile } = bench();
  putToken();
  center.on("logout", reply);
  await expect(passing(platform, source.signOut(request()))).rejects.toMatchObject({
    code,
    message: expect.stringMatching(/^signed out here, but Identity Center was not told/),
    remedy: expect.stringContaining("https://acme.awsapps.com/start"),
  });
  expect(tokenFile()).toBeUndefined();
});
