import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isCredentialError } from "../errors.ts";
import type { AwsCredentialIdentity } from "../identity.ts";
import {
  checkedIdentity,
  credentialVariables,
  ENVIRONMENT_FORMATS,
  parseAnyCredentials,
  parseContainerCredentials,
  parseEnvironment,
  parseExportCredentials,
  parseIniSection,
  parseProcessCredentials,
  printContainerCredentials,
  printEnvironment,
  printExportCredentials,
  printIniSection,
  printProcessCredentials,
} from "./index.ts";

const visible = (max: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    minLength: 8,
    maxLength: max,
  });
const usual = (max: number): fc.Arbitrary<string> =>
  fc.stringMatching(/^[A-Za-z0-9+/=]+$/, { maxLength: max }).filter((s) => s.length >= 8);
const expirations = fc.integer({ min: 946_684_800, max: 4_102_444_800 }).map((seconds) => new Date(seconds * 1000));

const identities = (
  value: (max: number) => fc.Arbitrary<string>,
): fc.Arbitrary<Required<Omit<AwsCredentialIdentity, "credentialScope">>> =>
  fc.record({
    accessKeyId: fc.stringMatching(/^A[KS]IA[A-Z2-7]{16}$/),
    secretAccessKey: value(60),
    sessionToken: value(400),
    expiration: expirations,
    accountId: fc.stringMatching(/^\d{12}$/),
  });
const holds = (
  identity: AwsCredentialIdentity,
  without: (keyof AwsCredentialIdentity)[] = [],
): Partial<AwsCredentialIdentity> =>
  Object.fromEntries(Object.entries(identity).filter(([name]) => !without.includes(name as keyof AwsCredentialIdentity)));

test("printed as credential_process, read back", () => {
  fc.assert(
    fc.property(identities(visible), (identity) => {
      const line = printProcessCredentials(identity);
      expect(line).not.toContain("\n");
      expect(parseProcessCredentials(line)).toEqual(identity);
      expect(parseAnyCredentials(line)).toEqual({ identity, shape: "credential_process" });
    }),
  );
});

test("printed as export, read back", () => {
  fc.assert(
    fc.property(identities(visible), (identity) => {
      const line = printExportCredentials(identity);
      expect(line).not.toContain("\n");
      expect(Object.keys(JSON.parse(line).Credentials)).toEqual([
        "AccessKeyId",
        "SecretAccessKey",
        "SessionToken",
        "Expiration",
      ]);
      expect(parseExportCredentials(line)).toEqual(holds(identity, ["accountId"]));
      expect(parseAnyCredentials(line)).toEqual({ identity: holds(identity, ["accountId"]), shape: "sts" });
    }),
  );
});

test("printed as container answer, read back", () => {
  fc.assert(
    fc.property(identities(visible), (identity) => {
      const body = printContainerCredentials(identity);
      expect(parseContainerCredentials(body)).toEqual(identity);
      expect(parseAnyCredentials(body)).toEqual({ identity, shape: "container" });
    }),
  );
});

test.each(["sh", "fish", "powershell"] as const)("printed as %s assignments, any visible characters, read back", (format) => {
  fc.assert(
    fc.property(identities(visible), (identity) => {
      const text = printEnvironment(credentialVariables(identity, { region: "eu-west-1" }), format);
      expect(parseEnvironment(text)).toEqual(identity);
      expect(parseAnyCredentials(text)).toEqual({ identity, shape: "environment" });
    }),
  );
});

test.each(ENVIRONMENT_FORMATS)("printed as %s assignments, AWS's characters, read back", (format) => {
  fc.assert(
    fc.property(identities(usual), (identity) => {
      expect(parseAnyCredentials(printEnvironment(credentialVariables(identity), format)).identity).toEqual(identity);
    }),
  );
});

test.each(["cmd", "dotenv"] as const)("printed as %s, any visible characters, read back or refused", (format) => {
  fc.assert(
    fc.property(identities(visible), (identity) => {
      let text: string;
      try {
        text = printEnvironment(credentialVariables(identity), format);
      } catch (error) {
        if (!isCredentialError(error)) throw error;
        expect(identity.secretAccessKey + identity.sessionToken).toMatch(format === "cmd" ? /["%!]/ : /['\\]/);
        return expectNoSecret(error, identity);
      }
      expect(parseEnvironment(text)).toEqual(identity);
    }),
  );
});

test("printed as INI section, read back", () => {
  fc.assert(
    fc.property(identities(usual), (identity) => {
      const text = printIniSection("acme dev", identity);
      expect(parseIniSection(text)).toEqual(identity);
      expect(parseIniSection(text, "acme dev")).toEqual(identity);
      expect(parseAnyCredentials(`\n${text}\r\n`)).toEqual({ identity, shape: "ini" });
    }),
  );
});

test("a banner before and after, colours, CR LF", () => {
  fc.assert(
    fc.property(identities(visible), fc.string(), (identity, noise) => {
      fc.pre(!/[{}[\]"]/.test(noise));
      const banner = `\ufeff\u001b[32mLogging in {as ada}…\u001b[0m\r\n${noise}\r\n`;
      const text = `${banner}${JSON.stringify(JSON.parse(printProcessCredentials(identity)), null, 2)}\r\n{done}\r\n`;
      expect(parseAnyCredentials(text)).toEqual({ identity, shape: "credential_process" });
    }),
  );
});

const pieces = fc.constantFrom(
  ...Array.from("{}[]\"'`$\\;&|#=%!^ \t\n\r\u001b"),
  "export ",
  "set ",
  "set -gx ",
  "$Env:",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY=",
  "AWS_SESSION_TOKEN=",
  "AWS_CREDENTIAL_EXPIRATION=",
  "aws_access_key_id = ",
  "[default]",
  '"Credentials":',
  '"AccessKeyId":"AKIAEXAMPLE"',
  '"SecretAccessKey":',
  '"Expiration":1e400',
  "__proto__",
  "AKIAEXAMPLE",
);

test("any text at all: credentials or a CredentialError, on one line, that shows nothing of it", () => {
  const text = fc.array(fc.oneof({ weight: 4, arbitrary: pieces }, { weight: 1, arbitrary: fc.string() }), { maxLength: 40 });
  const secret = fc.stringMatching(/^[A-Za-z0-9+/]{40}$/);
  fc.assert(
    fc.property(text, secret, fc.nat(40), (parts, hidden, at) => {
      const output = parts.toSpliced(at, 0, hidden).join("");
      const parsers = [
        parseAnyCredentials,
        parseProcessCredentials,
        parseExportCredentials,
        parseContainerCredentials,
        parseEnvironment,
        parseIniSection,
      ];
      for (const parse of parsers) {
        try {
          parse(output);
        } catch (error) {
          if (!isCredentialError(error)) throw error;
          expect(error.message).not.toMatch(/[\r\n]/);
          expect(error.message + error.remedy).not.toContain(hidden);
          expect(error.cause).toBeUndefined();
        }
      }
    }),
    { numRuns: 2000 },
  );
});

test("any value at all as a source's answer: checked, or a CredentialError", () => {
  fc.assert(
    fc.property(fc.anything({ withDate: true, withBigInt: true, withNullPrototype: true }), (value) => {
      try {
        checkedIdentity(value, 0);
      } catch (error) {
        if (!isCredentialError(error)) throw error;
      }
    }),
  );
});

function expectNoSecret(error: Error, { secretAccessKey, sessionToken }: AwsCredentialIdentity): void {
  expect(error.message).not.toContain(secretAccessKey);
  expect(error.message).not.toContain(sessionToken);
}
