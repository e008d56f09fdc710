import { expect, test } from "vitest";
import { mfaCode } from "./mfa.ts";

/** RFC 6238, appendix B (SHA-1), the last six of its eight digits; the seed is `12345678901234567890` in base32. */
test.each([
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_234_567_890, "005924"],
  [20_000_000_000, "353130"],
])("at %i s", (seconds, code) => {
  expect(mfaCode("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", seconds * 1000)).toBe(code);
});
