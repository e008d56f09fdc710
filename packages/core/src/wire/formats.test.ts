import { describe, expect, test } from "vitest";
import { fakeIdentity } from "../testing/index.ts";
import {
  checkedIdentity,
  credentialVariables,
  parseContainerCredentials,
  parseContainerError,
  parseExportCredentials,
  parseExpiration,
  parseProcessCredentials,
  printContainerCredentials,
  printContainerError,
  printExportCredentials,
  printIniSection,
  printProcessCredentials,
  withoutCredentialVariables,
} from "./index.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const identity = fakeIdentity(new Date(NOW + 3_600_500));
const longTerm = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "neverIssued" };

describe("credential_process", () => {
  test("one compact line, whole seconds, rounded down", () => {
    expect(printProcessCredentials({ ...identity, accountId: "123456789012" })).toBe(
      `{"Version":1,"AccessKeyId":"${identity.accessKeyId}","SecretAccessKey":"${identity.secretAccessKey}",` +
        `"SessionToken":"${identity.sessionToken}","Expiration":"2026-01-01T01:00:00Z","AccountId":"123456789012"}`,
    );
  });

  test("long-term keys have neither token nor end", () => {
    expect(printProcessCredentials(longTerm)).toBe(
      '{"Version":1,"AccessKeyId":"AKIAIOSFODNN7EXAMPLE","SecretAccessKey":"neverIssued"}',
    );
    expect(parseProcessCredentials(printProcessCredentials(longTerm))).toEqual(longTerm);
  });

  const good = { Version: 1, AccessKeyId: "AKIAX", SecretAccessKey: "s3cr3t" };
  test.each([
    ["", "the output is empty"],
    ["hello s3cr3t", "the output does not begin with a JSON object"],
    ['Loading…\n{"Version":1}', "the output does not begin with a JSON object"],
    ['{"SecretAccessKey":"s3cr3t",}', "the output is no valid JSON"],
    ["[1]", "the output is JSON, but no object"],
    [JSON.stringify({ ...good, Version: undefined }), "the output has no Version"],
    [JSON.stringify({ ...good, Version: "1" }), 'Version is the text "1" and must be the number 1'],
    [JSON.stringify({ ...good, Version: 2 }), "Version is not the number 1, the only version there is"],
    [JSON.stringify({ ...good, AccessKeyId: undefined }), "the output has no AccessKeyId"],
    [JSON.stringify({ Version: 1, Credentials: good }), "the output has no AccessKeyId"],
    [JSON.stringify({ ...good, Expiration: 1_767_225_600 }), "Expiration is not a text"],
    [JSON.stringify({ ...good, AccountId: 123_456_789_012 }), "AccountId is not a text of 12 digits"],
  ])("%s", (text, message) => {
    expect(() => parseProcessCredentials(text)).toThrow(expect.objectContaining({ code: "INVALID_OUTPUT", message }));
  });
});

describe("export", () => {
  test("exactly four fields", () => {
    expect(printExportCredentials({ ...identity, accountId: "123456789012" })).toBe(
      `{"Credentials":{"AccessKeyId":"${identity.accessKeyId}","SecretAccessKey":"${identity.secretAccessKey}",` +
        `"SessionToken":"${identity.sessionToken}","Expiration":"2026-01-01T01:00:00Z"}}`,
    );
  });

  test("long-term keys are refused with the reason", () => {
    const refusal = {
      code: "INVALID_OUTPUT",
      message: "the credentials have no session token, and Claude Code refuses long-term keys",
    };
    expect(() => printExportCredentials(longTerm)).toThrow(expect.objectContaining(refusal));
    expect(() =>
      parseExportCredentials(JSON.stringify({ Credentials: { AccessKeyId: "AKIAX", SecretAccessKey: "x" } })),
    ).toThrow(expect.objectContaining(refusal));
  });

  test("flat", () => {
    expect(() => parseExportCredentials('{"AccessKeyId":"AKIAX"}')).toThrow(
      "the output has no object Credentials (its keys: AccessKeyId)",
    );
  });
});

describe("container", () => {
  test("the token is called Token", () => {
    expect(JSON.parse(printContainerCredentials(identity))).toEqual({
      AccessKeyId: identity.accessKeyId,
      SecretAccessKey: identity.secretAccessKey,
      Token: identity.sessionToken,
      Expiration: "2026-01-01T01:00:00Z",
    });
  });

  test.each([
    [longTerm, "the credentials have no session token, which SDKs require of a container endpoint"],
    [{ ...longTerm, sessionToken: "t" }, "the credentials have no expiration, which SDKs require of a container endpoint"],
  ])("refused: %#", (lacking, message) => {
    expect(() => printContainerCredentials(lacking)).toThrow(message);
  });

  test("errors", () => {
    const error = { code: "SignInRequired", message: "Run: keyspring login" };
    expect(parseContainerError(printContainerError(error))).toEqual(error);
    expect(parseContainerError("<html>")).toBeUndefined();
    expect(parseContainerError("{}")).toBeUndefined();
    expect(() => parseContainerCredentials(printContainerError(error))).toThrow("the answer is an error, not credentials");
  });
});

describe("expiration", () => {
  test.each([
    "2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00.000Z",
    "2026-01-01T00:00:00UTC",
    "2026-01-01 00:00:00 +0000",
    "2026-01-01T05:30:00+05:30",
    "2025-12-31T16:00:00-08",
    "2026-01-01t00:00z",
    "1767225600",
    "1767225600000",
    1_767_225_600,
    1_767_225_600_000,
    1_767_225_600.7,
  ])("%s", (text) => {
    expect(parseExpiration(text)?.getTime()).toBeCloseTo(NOW, -4);
  });

  test.each([undefined, null, ""])("absent: %s", (value) => {
    expect(parseExpiration(value)).toBeUndefined();
  });

  test.each([
    "2026-01-01T00:00:00",
    "2026-13-01T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:60:00Z",
    "2026-01-01T00:00:00+99:00",
    "2026-01-01",
    "Thu, 01 Jan 2026 00:00:00 GMT",
    "0",
    0,
    -1,
    Number.NaN,
    1e300,
    true,
    {},
  ])("refused: %j", (value) => {
    expect(() => parseExpiration(value)).toThrow(expect.objectContaining({ code: "INVALID_OUTPUT" }));
  });
});

describe("a source's answer", () => {
  test("clean", () => {
    expect(checkedIdentity({ ...identity, note: "x" }, NOW)).toEqual(identity);
    expect(checkedIdentity(longTerm, NOW)).toEqual(longTerm);
  });

  test.each([
    [undefined, "the source answered no credentials"],
    [{}, "the source's answer has no accessKeyId"],
    [{ ...longTerm, secretAccessKey: "" }, "the source's answer has no secretAccessKey"],
    [{ ...longTerm, secretAccessKey: "a\nb" }, "secretAccessKey holds a space or another character that no AWS credential has"],
    [{ ...longTerm, expiration: "2026-02-01T00:00:00Z" }, "expiration is no valid Date"],
    [{ ...longTerm, expiration: new Date(Number.NaN) }, "expiration is no valid Date"],
    [{ ...identity, expiration: new Date(NOW - 300_000) }, "the credentials expired 5 min ago"],
    [
      { ...identity, sessionToken: undefined },
      "the source's answer has no sessionToken, which a temporary access key (ASIA…) needs",
    ],
  ])("refused: %#", (value, message) => {
    expect(() => checkedIdentity(value, NOW)).toThrow(expect.objectContaining({ code: "INVALID_OUTPUT", message }));
  });
});

test("variables: only what is known", () => {
  expect(credentialVariables(longTerm)).toEqual({
    AWS_ACCESS_KEY_ID: longTerm.accessKeyId,
    AWS_SECRET_ACCESS_KEY: "neverIssued",
  });
  expect(credentialVariables({ ...identity, accountId: "123456789012" }, { region: "eu-west-1" })).toEqual({
    AWS_ACCESS_KEY_ID: identity.accessKeyId,
    AWS_SECRET_ACCESS_KEY: identity.secretAccessKey,
    AWS_SESSION_TOKEN: identity.sessionToken,
    AWS_CREDENTIAL_EXPIRATION: "2026-01-01T01:00:00Z",
    AWS_REGION: "eu-west-1",
    AWS_DEFAULT_REGION: "eu-west-1",
    AWS_ACCOUNT_ID: "123456789012",
  });
});

test("an environment without anything that leads to credentials", () => {
  const env = {
    PATH: "/bin",
    AWS_REGION: "eu-west-1",
    AWS_PROFILE: "x",
    aws_access_key_id: "x",
    AWS_BEARER_TOKEN_BEDROCK: "x",
  };
  expect(withoutCredentialVariables(env)).toEqual({ PATH: "/bin", AWS_REGION: "eu-west-1" });
});

test("a section's name that would break out of its brackets", () => {
  expect(() => printIniSection("a]\n[b", identity)).toThrow("a section's name");
});
