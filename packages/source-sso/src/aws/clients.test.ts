import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { fakePlatform, type FakePlatform } from "@keyspring/core/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { oauthError, portalError } from "../testing/scripted-identity-center.ts";
import type { Caller } from "./clients.ts";
import { registerClient } from "./oidc.ts";
import { logout } from "./portal.ts";

async function addressesFor(region: string, env: Record<string, string> = {}): Promise<string[]> {
  const platform = fakePlatform({ env, answer: () => portalError("Refused", 400) });
  const caller = callerOn(platform, region);
  const failures = await Promise.allSettled([registerClient(caller, "keyspring", ["x"]), logout(caller, "token")]);
  for (const failure of failures) if (failure.status === "rejected" && platform.requests.length === 0) throw failure.reason;
  return platform.requests.map(({ url }) => url);
}

const callerOn = (platform: FakePlatform, region = "eu-west-1"): Caller => ({
  platform,
  region,
  signal: new AbortController().signal,
  attempts: 1,
});

test.each([
  ["commercial", "eu-west-1", {}, "oidc.eu-west-1.amazonaws.com", "portal.sso.eu-west-1.amazonaws.com"],
  ["China", "cn-north-1", {}, "oidc.cn-north-1.amazonaws.com.cn", "portal.sso.cn-north-1.amazonaws.com.cn"],
  ["GovCloud", "us-gov-west-1", {}, "oidc.us-gov-west-1.amazonaws.com", "portal.sso.us-gov-west-1.amazonaws.com"],
  [
    "European Sovereign Cloud",
    "eusc-de-east-1",
    {},
    "oidc.eusc-de-east-1.amazonaws.eu",
    "portal.sso.eusc-de-east-1.amazonaws.eu",
  ],
  [
    "FIPS",
    "us-east-1",
    { AWS_USE_FIPS_ENDPOINT: "true" },
    "oidc-fips.us-east-1.amazonaws.com",
    "portal.sso-fips.us-east-1.amazonaws.com",
  ],
  ["dual stack", "us-east-1", { AWS_USE_DUALSTACK_ENDPOINT: "true" }, "oidc.us-east-1.api.aws", "portal.sso.us-east-1.api.aws"],
])("%s", async (_, region, env, oidc, portal) => {
  expect(await addressesFor(region, env)).toEqual([`https://${oidc}/client/register`, `https://${portal}/logout`]);
});

test("endpoints of the environment, with a port and a path", async () => {
  const env = { AWS_ENDPOINT_URL_SSO_OIDC: "http://127.0.0.1:4000/oidc", AWS_ENDPOINT_URL: "http://localhost:4001" };
  expect(await addressesFor("eu-west-1", env)).toEqual([
    "http://127.0.0.1:4000/oidc/client/register",
    "http://localhost:4001/logout",
  ]);
});

test("FIPS together with an endpoint of one's own: refused as the SDKs do, with what to look at", async () => {
  const env = { AWS_ENDPOINT_URL: "http://localhost:4001", AWS_USE_FIPS_ENDPOINT: "true" };
  await expect(addressesFor("eu-west-1", env)).rejects.toMatchObject({
    code: "INVALID_CONFIGURATION",
    message: expect.stringContaining("FIPS"),
    remedy: expect.stringContaining("AWS_USE_FIPS_ENDPOINT"),
  });
});

let folder: string;
const poison: Record<string, string> = {
  AWS_MAX_ATTEMPTS: "poison",
  AWS_RETRY_MODE: "poison",
  AWS_REGION: "poison",
  AWS_PROFILE: "poison",
  AWS_DEFAULTS_MODE: "poison",
  AWS_ENDPOINT_URL: "http://127.0.0.1:1",
  AWS_ENDPOINT_URL_SSO: "http://127.0.0.1:1",
  AWS_ENDPOINT_URL_SSO_OIDC: "http://127.0.0.1:1",
  AWS_USE_FIPS_ENDPOINT: "poison",
  AWS_USE_DUALSTACK_ENDPOINT: "poison",
  AWS_ACCESS_KEY_ID: "AKIAPOISONPOISON",
  AWS_SECRET_ACCESS_KEY: "poison",
};

beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), "keyspring-sso-"));
  const config = path.join(folder, "config");
  await fs.writeFile(
    config,
    "[profile poison]\nmax_attempts = poison\nendpoint_url = http://127.0.0.1:1\nuse_fips_endpoint = poison\n",
  );
  for (const [name, value] of Object.entries({ ...poison, AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: config }))
    vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await fs.rm(folder, { recursive: true });
});

test("the SDK looks neither into the process's environment nor into ~/.aws", async () => {
  expect(await addressesFor("eu-west-1")).toEqual([
    "https://oidc.eu-west-1.amazonaws.com/client/register",
    "https://portal.sso.eu-west-1.amazonaws.com/logout",
  ]);
});

test("nothing is signed and nothing is said on stderr, on any Node version", async () => {
  const warned = vi.spyOn(process, "emitWarning");
  const written = vi.spyOn(console, "warn");
  vi.stubGlobal(
    "process",
    new Proxy(process, { get: (target, key) => (key === "version" ? "v20.20.2" : Reflect.get(target, key)) }),
  );
  const platform = fakePlatform({ answer: () => oauthError("invalid_request") });
  await registerClient(callerOn(platform), "keyspring", ["x"]).catch(() => undefined);
  await logout(callerOn(platform), "token").catch(() => undefined);
  vi.unstubAllGlobals();
  expect(platform.requests).toHaveLength(2);
  for (const { headers } of platform.requests)
    expect(Object.keys(headers ?? {}).map((name) => name.toLowerCase())).not.toContain("authorization");
  expect(warned).not.toHaveBeenCalled();
  expect(written).not.toHaveBeenCalled();
});
