import { inspect } from "node:util";
import { expect, test } from "vitest";
import { maskedAccessKeyId, protectedIdentity, remainingLife } from "./identity.ts";
import { fakeIdentity } from "./testing/index.ts";

const identity = fakeIdentity(new Date(60_000));

test("printed by accident, nothing secret shows", () => {
  const kept = protectedIdentity(identity);
  const printed = [JSON.stringify({ kept }), inspect(kept), inspect({ deep: [kept] }), Object.assign(kept).toString()].join(
    "\n",
  );
  expect(printed).not.toContain(identity.secretAccessKey);
  expect(printed).not.toContain(identity.sessionToken);
  expect(printed).not.toContain(identity.accessKeyId);
  expect(printed).toContain("ASIA…0001");
});

test("the fields stay readable, and a copy is plain again", () => {
  const kept = protectedIdentity(identity);
  expect({ ...kept }).toEqual(identity);
  expect(kept.secretAccessKey).toBe(identity.secretAccessKey);
});

test("life left", () => {
  expect(remainingLife(identity, 20_000)).toBe(40_000);
  expect(remainingLife(identity, 70_000)).toBe(-10_000);
  expect(remainingLife({ accessKeyId: "AKIAEXAMPLE", secretAccessKey: "x" }, 0)).toBe(Number.POSITIVE_INFINITY);
});

test("a short access key id is masked whole", () => {
  expect(maskedAccessKeyId("AKIA1234")).toBe("****");
});
