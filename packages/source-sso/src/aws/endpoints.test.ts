import { expect, test } from "vitest";
import { endpointChoice } from "./endpoints.ts";

const none = { useFipsEndpoint: false, useDualstackEndpoint: false };

test.each([
  ["nothing said", {}, none],
  ["one for the service", { AWS_ENDPOINT_URL_SSO: "http://127.0.0.1:1" }, { ...none, endpoint: "http://127.0.0.1:1" }],
  ["one for the other service", { AWS_ENDPOINT_URL_SSO_OIDC: "http://127.0.0.1:1" }, none],
  ["one for all", { AWS_ENDPOINT_URL: "http://127.0.0.1:2" }, { ...none, endpoint: "http://127.0.0.1:2" }],
  [
    "both: the service's own",
    { AWS_ENDPOINT_URL: "http://127.0.0.1:2", AWS_ENDPOINT_URL_SSO: "http://127.0.0.1:1" },
    { ...none, endpoint: "http://127.0.0.1:1" },
  ],
  ["empty counts as not set", { AWS_ENDPOINT_URL_SSO: "" }, none],
  ["told to ignore them", { AWS_ENDPOINT_URL: "http://127.0.0.1:2", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "True" }, none],
  ["FIPS", { AWS_USE_FIPS_ENDPOINT: "true" }, { ...none, useFipsEndpoint: true }],
  ["dual stack", { AWS_USE_DUALSTACK_ENDPOINT: "TRUE" }, { ...none, useDualstackEndpoint: true }],
])("%s", (_, env, choice) => {
  expect(endpointChoice(env, "SSO")).toEqual(choice);
});

test.each(["127.0.0.1:8080", "ftp://x", "http://"])("%s is refused with the variable's name", (value) => {
  expect(() => endpointChoice({ AWS_ENDPOINT_URL_SSO: value }, "SSO")).toThrow(
    expect.objectContaining({ code: "INVALID_CONFIGURATION", message: "AWS_ENDPOINT_URL_SSO is no URL" }),
  );
});
