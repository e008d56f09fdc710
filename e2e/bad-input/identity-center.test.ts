import type { FaultEffect } from "@keyspring/aws-simulator";
import { mkdirSync } from "node:fs";
import { ACME_CONFIG, type House } from "../lib/house.ts";
import { badCases, type BadCase } from "./case.ts";
import { signedIn } from "./signed-in.ts";

const LONG_AGO = "2020-01-01T00:00:00Z";
const LOGIN = /^Run: keyspring login --profile acme$/;

/** A token in the cache, changed. */
function token(state: string, change: Readonly<Record<string, unknown>>, what: RegExp, more: Partial<BadCase> = {}): BadCase {
  return { state, arrange: (house) => signedIn(house, change), argv: ["export"], exitCode: 3, what, next: LOGIN, ...more };
}

badCases("sign-in", [
  { state: "nobody signed in", argv: ["export"], exitCode: 3, what: /nobody is signed in at https:\/\/acme/, next: LOGIN },
  token(
    "a token that ended, with nothing to renew it",
    { expiresAt: LONG_AGO, refreshToken: undefined },
    /the sign-in at \S+ has ended/,
  ),
  token(
    "a token that ended, with a registration that ended",
    { expiresAt: LONG_AGO, registrationExpiresAt: LONG_AGO },
    /the sign-in at \S+ has ended/,
  ),
  token(
    "a token that ended, with a refresh token that nobody issued",
    { expiresAt: LONG_AGO, refreshToken: "nobody-issued-this-one" },
    /the sign-in at \S+ has ended/,
  ),
  token("a cache file without its token", { accessToken: undefined }, /nobody is signed in at/),
  token("a cache file with a time that is none", { expiresAt: "soon" }, /(?:nobody is signed in|the sign-in) at/),
  token(
    "a token that Identity Center does not know",
    { accessToken: "nobody-issued-this-one", refreshToken: undefined },
    /no longer accepts the sign-in/,
  ),
  {
    state: "a session that was ended elsewhere",
    arrange: async (house) => {
      await signedIn(house);
      await house.simulator.control.endSessions();
    },
    argv: ["process"],
    exitCode: 3,
    what: /no longer accepts the sign-in/,
    next: LOGIN,
  },
  {
    state: "a cache file that is no JSON",
    arrange: (house) => house.write(".aws/sso/cache/d033e22ae348aeb5660fc2140aec35850c4da997.json", "{"),
    argv: ["env", "--format", "sh"],
    exitCode: 3,
    what: /nobody is signed in/,
    next: LOGIN,
  },
  {
    state: "a folder where the cache file should be",
    arrange: async (house) => {
      const { createHash } = await import("node:crypto");
      const name = createHash("sha1").update("https://acme.awsapps.com/start").digest("hex");
      mkdirSync(house.path(`.aws/sso/cache/${name}.json`), { recursive: true });
    },
    argv: ["export"],
    exitCode: 5,
    what: /\.aws\/sso\/cache\/\w+\.json/,
    next: /\.json/,
  },
  { state: "exec without a sign-in", argv: ["exec", "--", "env"], exitCode: 3, what: /nobody is signed in/, next: LOGIN },
  {
    state: "the sign-in is denied in the browser",
    arrange: ({ simulator }) => void onceAsked(simulator, (userCode) => simulator.control.deny({ userCode })),
    argv: ["login"],
    exitCode: 3,
    what: /the sign-in was denied in the browser/,
    next: LOGIN,
    progress: true,
  },
  {
    state: "the code ends before anybody approves",
    options: { simulator: { settings: { deviceCodeLifetime: 1500 } } },
    argv: ["login", "--no-browser"],
    exitCode: 6,
    what: /the code expired before anybody approved it/,
    next: LOGIN,
    progress: true,
  },
  {
    state: "a portal that Identity Center does not know",
    options: { config: ACME_CONFIG.replace("acme.awsapps.com", "nobody.awsapps.com") },
    argv: ["login"],
    exitCode: 2,
    what: /does not accept https:\/\/nobody\.awsapps\.com\/start/,
    next: /Correct start_url and region \(see: keyspring explain --profile acme\)/,
  },
  {
    state: "a scope that Identity Center does not know",
    arrange: ({ simulator }) =>
      simulator.control.addFault({
        operation: "RegisterClient",
        effect: { kind: "status", status: 400, error: "InvalidScopeException" },
      }),
    argv: ["login"],
    exitCode: 2,
    what: /knows no such scope: sso:account:access/,
    next: /Correct scopes/,
  },
]);

/** Calls back with the code of the first sign-in that begins. */
async function onceAsked({ control }: House["simulator"], then: (userCode: string) => Promise<unknown>): Promise<void> {
  await control.waitFor({ operation: "StartDeviceAuthorization", timeout: 60_000 });
  const [device] = (await control.state()).deviceSignIns;
  await then(device!.userCode);
}

const role = (account: string, name: string): string =>
  ACME_CONFIG.replace("123456789012", account).replace("BedrockUser", name);

/** Signed in, and Identity Center answers role requests with this. */
function fault(state: string, effect: FaultEffect, exitCode: number, what: RegExp, next: RegExp): BadCase {
  return {
    state,
    arrange: async (house) => {
      await signedIn(house);
      await house.simulator.control.addFault({ service: "sso", operation: "GetRoleCredentials", effect });
    },
    argv: ["export"],
    exitCode,
    what,
    next,
  };
}

badCases("role credentials", [
  {
    state: "a role that was not assigned",
    options: { config: role("123456789012", "Administrator") },
    arrange: (house) => signedIn(house),
    argv: ["export"],
    exitCode: 5,
    what: /Identity Center (?:does not give the|knows no) role Administrator in account 123456789012/,
    next: /administrator of https:\/\/acme|role_name and account_id/,
  },
  {
    state: "an account that does not exist",
    options: { config: role("999999999999", "BedrockUser") },
    arrange: (house) => signedIn(house),
    argv: ["process"],
    exitCode: 5,
    what: /role BedrockUser in account 999999999999/,
    next: /administrator of https:\/\/acme|role_name and account_id/,
  },
  fault(
    "forbidden",
    { kind: "status", status: 403, error: "ForbiddenException" },
    5,
    /does not give the role BedrockUser/,
    /Ask the administrator/,
  ),
  fault(
    "not found",
    { kind: "status", status: 404, error: "ResourceNotFoundException" },
    5,
    /knows no role BedrockUser in account 123456789012 \(resource_not_found\)/,
    /Correct role_name/,
  ),
  fault(
    "too many requests",
    { kind: "status", status: 429, error: "TooManyRequestsException", retryAfter: 1 },
    5,
    /gets too many requests/,
    /Wait a minute/,
  ),
  fault(
    "a fault of the service",
    { kind: "status", status: 500 },
    5,
    /Identity Center has a fault \(HTTP 500\)/,
    /Try again in a minute/,
  ),
  fault(
    "out of service",
    { kind: "status", status: 503 },
    5,
    /Identity Center has a fault \(HTTP 503\)/,
    /Try again in a minute/,
  ),
  fault("connections dropped", { kind: "drop" }, 7, /could not be reached: it broke the connection/, /Check the network/),
  fault(
    "a captive portal's page",
    { kind: "garbage", body: "<html>welcome to the hotel</html>", contentType: "text/html" },
    5,
    /is not Identity Center \(HTTP 200\)/,
    /HTTPS_PROXY/,
  ),
  fault(
    "JSON that is no answer",
    { kind: "garbage", body: "[]", contentType: "application/json" },
    5,
    /is not Identity Center \(HTTP 200\)/,
    /^Check the proxy \(HTTPS_PROXY\)/,
  ),
  fault(
    "an answer without keys",
    { kind: "garbage", body: '{"roleCredentials":{}}', contentType: "application/json" },
    5,
    /is not Identity Center \(HTTP 200\)/,
    /^Check the proxy \(HTTPS_PROXY\)/,
  ),
  fault(
    "no answer within the deadline",
    { kind: "latency", milliseconds: 60_000 },
    6,
    /did not answer within 10 s/,
    /Check the network and try again/,
  ),
]);

badCases("no answer in time, everywhere", [
  {
    state: "two slow answers that together outlast the deadline",
    arrange: async (house) => {
      await signedIn(house, { expiresAt: LONG_AGO });
      await house.simulator.control.addFault({ effect: { kind: "latency", milliseconds: 9000 } });
    },
    argv: ["export"],
    changes: /^\/\.aws\/sso\/cache\/\w+\.json$/,
    exitCode: 6,
    what: /nothing came within 15 s/,
    next: /^Try again/,
  },
  ...(["process", "exec", "env"] as const).map((command): BadCase => ({
    ...fault(
      command,
      { kind: "latency", milliseconds: 60_000 },
      6,
      /did not answer within 10 s/,
      /Check the network and try again/,
    ),
    argv: command === "exec" ? ["exec", "--", "env"] : command === "env" ? ["env", "--format", "json"] : [command],
  })),
]);
