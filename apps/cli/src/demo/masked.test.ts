import { expect, test } from "vitest";
import { masked } from "./masked.ts";

test("secrets are shortened, all else stays", () => {
  const line =
    '{"Credentials":{"AccessKeyId":"ASIA1","SecretAccessKey":"abcdefgh","SessionToken":"IQoJlongtoken","Expiration":"x"}}';
  expect(masked(line)).toBe(
    '{"Credentials":{"AccessKeyId":"ASIA1","SecretAccessKey":"abcd…","SessionToken":"IQoJ…","Expiration":"x"}}',
  );
});

test("what is redacted already stays so", () => {
  expect(masked('"SecretAccessKey":"[redacted]"')).toBe('"SecretAccessKey":"[redacted]"');
});
