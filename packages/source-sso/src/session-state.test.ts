import { expect, it } from "vitest";
import { fakePlatform } from "@keyspring/core/testing";
import { sessionOf } from "./session.ts";
import { sessionState } from "./session-state.ts";

const OPTIONS = { start_url: "https://acme.awsapps.com/start", region: "eu-west-1", scopes: ["sso:account:access"] };
const HOUR = 3_600_000;

function machine(token: Record<string, unknown> | undefined): ReturnType<typeof fakePlatform> {
  const platform = fakePlatform();
  if (token !== undefined) platform.files.put(sessionOf(OPTIONS, platform).tokenFile, JSON.stringify(token));
  return platform;
}

const iso = (fromStart: number): string => new Date(fakePlatform().clock.now() + fromStart).toISOString();
const base = { accessToken: "an-access-token", startUrl: OPTIONS.start_url, region: OPTIONS.region };
const renewal = {
  refreshToken: "a-refresh-token",
  clientId: "id",
  clientSecret: "a-secret",
  registrationExpiresAt: iso(1000 * HOUR),
};

it.each([
  ["nobody has signed in", undefined, undefined],
  ["token alive", { ...base, expiresAt: iso(HOUR) }, "active"],
  ["token ended, can be renewed", { ...base, ...renewal, expiresAt: iso(-HOUR) }, "renewable"],
  ["token ended, cannot be renewed", { ...base, expiresAt: iso(-HOUR) }, "ended"],
])("%s", async (_state, token, expected) => {
  expect((await sessionState(OPTIONS, machine(token)))?.state).toBe(expected);
});
