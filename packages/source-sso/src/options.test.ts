import { checkOptions } from "@keyspring/core";
import { expect, test } from "vitest";
import { SSO_OPTION_KEYS, ssoOptionsSchema } from "./options.ts";

const good = { start_url: "https://acme.awsapps.com/start", region: "eu-west-1" };
const check = (options: unknown): Promise<unknown> =>
  checkOptions(ssoOptionsSchema, options, "organizations.acme.options", SSO_OPTION_KEYS);

test("the two that must be said are enough to sign in", async () => {
  expect(await check(good)).toEqual({ ...good, scopes: ["sso:account:access"] });
});

test("scopes as the AWS CLI writes them: commas, blanks, in their order", async () => {
  expect(await check({ ...good, scopes: "sso:account:access, codewhisperer:completions" })).toMatchObject({
    scopes: ["sso:account:access", "codewhisperer:completions"],
  });
});

test.each(["eu-west-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1", "us-iso-east-1"])("region %s", async (region) => {
  expect(await check({ ...good, region })).toMatchObject({ region });
});

test.each([
  ["account number that is a number", { account_id: 123456789012 }, /quotes/],
  ["account number too short", { account_id: "12345" }, /12 digits/],
  ["region that would choose another host", { region: "eu-west-1.evil.example/" }, /region/],
  ["start URL without a scheme", { start_url: "acme.awsapps.com/start" }, /URL/],
  ["start URL of another scheme", { start_url: "file:///etc/passwd" }, /URL/],
  ["no scope", { scopes: [] }, /scope/],
  ["empty scope", { scopes: "a,,b" }, /scope/],
  ["empty session", { session: "" }, /empty/],
  ["role with a blank", { role_name: "Bedrock User" }, /permission set/],
])("refused: %s", async (_, options, words) => {
  await expect(check({ ...good, ...options })).rejects.toMatchObject({
    code: "INVALID_CONFIGURATION",
    message: expect.stringMatching(words),
  });
});

test("a misspelt key is named with the right one", async () => {
  await expect(check({ ...good, acount_id: "123456789012" })).rejects.toMatchObject({
    remedy: expect.stringContaining("`account_id`"),
  });
});
