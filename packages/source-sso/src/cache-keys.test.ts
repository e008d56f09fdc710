import { fakePlatform } from "@keyspring/core/testing";
import { expect, test } from "vitest";
import { registrationKey, tokenKey } from "./cache-keys.ts";

const platform = fakePlatform();
const portal = "https://my-sso-portal.awsapps.com/start";

test.each([
  ["a session's name", { start_url: portal, session: "my-sso" }, "0ad374308c5a4e22f723adf10145eafad7c4031c"],
  ["no session: the start URL", { start_url: portal }, "c7aaaf71fcc8777ae2475525ed049d39fe16c484"],
  ["the start URL with its fragment, as written", { start_url: `${portal}#/` }, "dbb58223772e9bae116ca5a3d089fdc0858ca302"],
])("token file of %s", (_, options, digest) => {
  expect(tokenKey(options, platform)).toBe(digest);
});

const base = { start_url: portal, region: "us-east-1", scopes: ["sso:account:access"] };

test.each([
  ["a plain name", "my-sso", "c5cfae6e3e4f067423a532368c8b514b6a4b0ace"],
  // Made with Python's json.dumps(…, sort_keys=True).
  ["a name that Python escapes", 'my-é"\u{1F600}\u007f', "1e1ab3accd0b718f2d8d05de2e4ee3b1d4212f71"],
])("registration file of %s", (_, session, digest) => {
  expect(registrationKey({ ...base, session }, platform)).toBe(digest);
});

test("registration file without a session differs from every named one", () => {
  expect(registrationKey(base, platform)).not.toBe(registrationKey({ ...base, session: "null" }, platform));
});
