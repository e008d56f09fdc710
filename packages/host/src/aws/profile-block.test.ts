import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fakePlatform } from "@keyspring/core/testing";
import { folders } from "../folders.ts";
import { withBlock, withoutBlock } from "./profile-block.ts";
import { applyProfileBlock, planProfileBlock, planProfileBlockRemoval } from "./write-profile-block.ts";

const FILE = "/home/ada/.aws/config";
const block = {
  name: "keyspring-acme",
  values: { credential_process: '"/usr/bin/keyspring" process --profile acme', region: "us-east-1" },
};

describe("block in ~/.aws/config", () => {
  it.each([
    ["no file", undefined],
    ["empty file", ""],
    ["a profile", "[profile a]\nregion = eu-west-1\n"],
    ["no line end at the end", "[profile a]\nregion = eu-west-1"],
    ["CRLF", "[profile a]\r\nregion = eu-west-1\r\n"],
    ["CRLF, no line end at the end", "[default]\r\nregion = eu-west-1"],
  ])("%s: in and out again leaves every byte", (_state, text) => {
    const after = withBlock(text, block, FILE);
    expect(after).toContain("[profile keyspring-acme]");
    expect(withoutBlock(after, block.name, FILE)).toBe(text);
    const changed = withBlock(after, { ...block, values: { region: "eu-west-1" } }, FILE);
    expect(withoutBlock(changed, block.name, FILE)).toBe(text);
  });

  it("any text before and behind: stays byte for byte", () => {
    const line = fc.constantFrom("[profile x]", "region = us-east-1", "# note", "", "  s3 =", "\tmax = 1");
    const text = fc
      .tuple(fc.array(line), fc.constantFrom("\n", "\r\n"), fc.boolean())
      .map(([lines, eol, ended]) => lines.join(eol) + (ended && lines.length > 0 ? eol : ""));
    fc.assert(
      fc.property(text, fc.constantFrom("", "[profile later]\nregion = x\n"), (before, behind) => {
        const joined = withBlock(before, block, FILE) + behind;
        const expected = behind === "" || before === "" || before.endsWith("\n") ? before + behind : undefined;
        const out = withoutBlock(joined, block.name, FILE);
        if (expected === undefined) expect(out?.startsWith(before) && out.endsWith(behind)).toBe(true);
        else expect(out).toBe(expected);
      }),
    );
  });

  it("somebody else's profile of that name: refused, nothing written", async () => {
    const platform = fakePlatform();
    platform.files.put(FILE, "[profile keyspring-acme]\nregion = x\n");
    await expect(planProfileBlock(platform, block)).rejects.toMatchObject({ code: "INVALID_CONFIGURATION" });
  });

  it("written, then taken out: the file is as it was and the copy is kept", async () => {
    const platform = fakePlatform();
    platform.files.put(FILE, "[default]\nregion = x");
    await applyProfileBlock(platform, folders(platform), await planProfileBlock(platform, block));
    expect(platform.files.texts()[FILE]).toContain("credential_process");
    await applyProfileBlock(platform, folders(platform), await planProfileBlockRemoval(platform, block.name));
    expect(platform.files.texts()[FILE]).toBe("[default]\nregion = x");
  });

  it("no file before: gone again", async () => {
    const platform = fakePlatform();
    await applyProfileBlock(platform, folders(platform), await planProfileBlock(platform, block));
    await applyProfileBlock(platform, folders(platform), await planProfileBlockRemoval(platform, block.name));
    expect(platform.files.texts()[FILE]).toBeUndefined();
  });

  it("changed by another program between plan and write: refused", async () => {
    const platform = fakePlatform();
    const plan = await planProfileBlock(platform, block);
    platform.files.put(FILE, "[default]\n");
    await expect(applyProfileBlock(platform, folders(platform), plan)).rejects.toThrow(/changed by another program/);
    expect(platform.files.texts()[FILE]).toBe("[default]\n");
  });
});
