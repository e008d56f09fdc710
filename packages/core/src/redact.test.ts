import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRedactor, withoutSecretShapes } from "./redact.ts";
import { fakeIdentity } from "./testing/index.ts";

const KEY = "abcdEFGH1234/+abcdEFGH1234abcdEFGH123456"; // 40 characters, never issued

describe("secret shapes, unknown to anybody", () => {
  test.each([
    ["session token", `token is IQoJ${"b3JpZ2lu".repeat(10)} now`, "token is [redacted] now"],
    ["JWT", "got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl.", "got [redacted]."],
    ["secret key alone", `key ${KEY} end`, "key [redacted] end"],
    ["secret key after a sign, at a sentence's end", `key=${KEY}.`, "key=[redacted]."],
    ["secret key in JSON", `{"SecretAccessKey":"${KEY}"}`, '{"SecretAccessKey":"[redacted]"}'],
    [
      "secret in JSON within JSON",
      String.raw`{\"SecretAccessKey\":\"short/one\"}`,
      String.raw`{\"SecretAccessKey\":\"[redacted]\"}`,
    ],
    ["assignment", "AWS_SECRET_ACCESS_KEY=tiny;x", "AWS_SECRET_ACCESS_KEY=[redacted];x"],
    ["quoted password with blanks", `password="correct horse battery"`, 'password="[redacted]"'],
    ["plain-word password", "password: hunter", "password: [redacted]"],
    ["basic authorization", "Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic [redacted]"],
    ["bearer", "bearer abcdefgh12345678", "bearer [redacted]"],
    ["cookie", "Set-Cookie: sid=1; id=2", "Set-Cookie: [redacted]"],
    ["URL with password", "https://ada:lovelace@proxy.example:8080/", "https://ada:[redacted]@proxy.example:8080/"],
    ["authorization code", "GET /cb?code=abc123&state=1", "GET /cb?code=[redacted]&state=1"],
    ["flag", "run --client-secret s3cr3t --region eu-west-1", "run --client-secret [redacted] --region eu-west-1"],
    ["private key", "-----BEGIN EC PRIVATE KEY-----\nMHcCAQ\n-----END EC PRIVATE KEY-----", "[redacted]"],
  ])("%s", (_, text, clean) => {
    expect(withoutSecretShapes(text)).toBe(clean);
    expect(withoutSecretShapes(clean)).toBe(clean);
  });

  test.each([
    "Error: the token: expired",
    "no such file: /opt/acme/bin/generate_aws_grant.sh",
    "commit 0123456789abcdef0123456789abcdef01234567",
    "open https://device.sso.eu-west-1.amazonaws.com/?user_code=ABCD-EFGH",
    "arn:aws:iam::123456789012:role/BedrockUser",
    "AKIAIOSFODNN7EXAMPLE",
  ])("ordinary text stays: %s", (text) => {
    expect(withoutSecretShapes(text)).toBe(text);
  });

  test.each([
    "-eyJaaaaaaaa",
    "token",
    "token=",
    'token="',
    " ",
    "--token ",
    "a:",
    "https://",
    "IQoJ",
    "aA1",
    "secret: '",
    "authorization: basic ",
  ])("half a megabyte of %j", (piece) => {
    const text = piece.repeat(Math.ceil(500_000 / piece.length));
    const start = performance.now();
    withoutSecretShapes(text);
    expect(performance.now() - start).toBeLessThan(4000);
  });
});

describe("known secrets", () => {
  test("in every form that programs print", () => {
    const redactor = createRedactor();
    const secret = 'pa"ss/wörd +1';
    redactor.add(secret);
    for (const form of [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret),
      JSON.stringify(secret).replaceAll("/", "\\/"),
    ])
      expect(redactor.redact(`<${form}>`)).toMatch(/^<"?\[redacted\]"?>$/);
  });

  test("the longer of two comes first, short ones are no secrets", () => {
    const redactor = createRedactor();
    for (const secret of ["longer-secret", "longer-secret-still", "short", undefined]) redactor.add(secret);
    expect(redactor.redact("longer-secret-still short longer-secret")).toBe("[redacted] short [redacted]");
  });

  test("any text, any secret", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 8 }), fc.string(), fc.string(), (secret, before, after) => {
        const redactor = createRedactor();
        redactor.add(secret);
        fc.pre(!"[redacted]".includes(secret));
        expect(redactor.redact(before + secret + after)).not.toContain(secret);
      }),
    );
  });

  test("credentials in a log line", () => {
    const identity = fakeIdentity(new Date(0));
    const line = withoutSecretShapes(
      `export AWS_SECRET_ACCESS_KEY=${identity.secretAccessKey} AWS_SESSION_TOKEN='${identity.sessionToken}'`,
    );
    expect(line).not.toContain(identity.secretAccessKey);
    expect(line).not.toContain(identity.sessionToken);
  });
});
