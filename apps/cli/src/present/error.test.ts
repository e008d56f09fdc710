import { CredentialError } from "@keyspring/core";
import { describe, expect, test } from "vitest";
import { errorLines, explained } from "./error.ts";

const system = (code: string, path?: string): Error => Object.assign(new Error(`${code}: …`), { code, path });

describe("the system's refusals", () => {
  test.each([
    ["full disk", "ENOSPC", "there is no space left on the disk (/h/a b)", `df -h "$(dirname '/h/a b')"`],
    ["no permission", "EACCES", "permission denied (/h/a b)", `Run: chmod u+rwX "$(dirname '/h/a b')" '/h/a b'`],
    ["file for a folder", "EEXIST", "something else stands where a folder is needed (/h/a b)", "mv '/h/a b' '/h/a b'.old"],
    ["circle of links", "ELOOP", "symbolic links lead in a circle (/h/a b)", "ls -l '/h/a b'"],
  ])("%s: what, where, and a command that a shell reads back", (_, code, message, remedy) => {
    const error = explained(system(code, "/h/a b"));
    expect(error).toMatchObject({ code: "INVALID_CONFIGURATION", message });
    expect(error.remedy).toContain(remedy);
  });

  test.each(["ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "ENOTDIR", "EEXIST", "EISDIR", "EMFILE", "ELOOP", "EIO"])(
    "%s without a path: a remedy all the same",
    (code) => {
      const { message, remedy } = explained(system(code));
      expect(`${message} ${remedy}`).not.toMatch(/undefined|\(\)/);
      expect(remedy).toMatch(/\w{3}/);
    },
  );
});

test("anything else is a defect, with one line of it and where to report it", () => {
  const error = explained(new TypeError("x is not a function\n    at secret.ts:1"));
  expect(error).toMatchObject({ code: "INTERNAL", message: "a defect in Keyspring: TypeError: x is not a function" });
  expect(error.remedy).toContain("/issues");
});

test("two lines, whatever the message holds; both redacted", () => {
  const error = new CredentialError("USAGE", "a\n  b KEY", { remedy: "c\nKEY" });
  expect(errorLines(error, (text) => text.replaceAll("KEY", "[redacted]"))).toBe("keyspring: a b [redacted]\nc [redacted]\n");
});
