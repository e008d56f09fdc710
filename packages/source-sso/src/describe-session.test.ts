import { expect, test } from "vitest";
import { describeSession } from "./describe-session.ts";
import { bench } from "./testing/bench.ts";

test.each([
  ["signed in, renewable", {}, { state: "signed-in", canRefresh: true, expiration: new Date("2026-01-01T01:00:00Z") }],
  ["signed in, not renewable", { refreshToken: undefined }, { state: "signed-in", canRefresh: false }],
  ["expired, renewable", { minutes: -1 }, { state: "expired", canRefresh: true }],
  ["expired for good", { minutes: -1, registrationMinutes: -1 }, { state: "expired", canRefresh: false }],
])("%s", async (_, fields, description) => {
  const { options, platform, putToken, session } = bench();
  putToken(fields);
  const found = await describeSession(options, platform);
  expect(found).toMatchObject({ ...description, session: "acme", tokenFile: session.tokenFile, region: "eu-west-1" });
  expect(JSON.stringify(found)).not.toMatch(/access-token|refresh-token|client-secret/);
  expect(platform.requests).toEqual([]);
});

test("signed out, legacy", async () => {
  const { options, platform } = bench({ session: undefined });
  expect(await describeSession(options, platform)).toMatchObject({
    session: undefined,
    startUrl: "https://acme.awsapps.com/start",
    state: "signed-out",
    canRefresh: false,
    expiration: undefined,
    registrationExpiration: undefined,
  });
});

test("on Windows the cache is in the home folder too", async () => {
  const { options, platform } = bench({ session: "my-sso" }, { os: "win32" });
  expect((await describeSession(options, platform)).tokenFile).toBe(
    "C:\\Users\\ada\\.aws\\sso\\cache\\0ad374308c5a4e22f723adf10145eafad7c4031c.json",
  );
});
