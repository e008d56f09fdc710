import { fakePlatform } from "@keyspring/core/testing";
import * as fc from "fast-check";
import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";
import { folders } from "../folders.ts";
import { addToConfig, planConfigChange } from "./add-to-config.ts";
import { editConfig, type ConfigChange } from "./edit-config.ts";
import { tomlStatements } from "./toml-statements.ts";

const edit = (text: string, change: ConfigChange): string => editConfig(text, change, "config.toml");
const SCRIPT: ConfigChange = {
  organization: {
    name: "globex",
    value: { source: "script", options: { command: ["/opt/a b.sh", 'say "x"'], timeout: "20s" } },
  },
  profile: { name: "globex", value: { organization: "globex" } },
};
const ADDED = `[organizations.globex]
source = "script"
[organizations.globex.options]
command = ["/opt/a b.sh", "say \\"x\\""]
timeout = "20s"

[profiles.globex]
organization = "globex"
`;

describe("adding", () => {
  test("to an empty file", () => {
    expect(edit("", SCRIPT)).toBe(ADDED);
  });

  test("to a file of others: at its end, nothing else touched", () => {
    const before = "# mine\n[organizations.acme]   # ours\nsource = 'sso'\n";
    expect(edit(before, SCRIPT)).toBe(`${before}\n${ADDED}`);
  });

  test("after a last line without an end, with CRLF and a byte-order mark", () => {
    const before = '\uFEFFdefault_profile = "x"\r\n[profiles.x]\r\norganization = "acme"';
    const after = edit(before, { profile: { name: "y", value: { organization: "acme" } } });
    expect(after).toBe(`${before}\r\n\r\n[profiles.y]\r\norganization = "acme"\r\n`);
  });

  test("twice: the second changes nothing", () => {
    const once = edit("# mine\n", SCRIPT);
    expect(edit(once, SCRIPT)).toBe(once);
  });

  test("twice, first without a last line break: the text itself stays", () => {
    const once = edit("", SCRIPT).trimEnd();
    expect(edit(once, SCRIPT)).toBe(once);
  });

  test("default profile: before the first table, replaced in place, removed", () => {
    const first = edit("# top\n[profiles.x]\norganization = 'a'\n", { defaultProfile: { value: "x" } });
    expect(parse(first)["default_profile"]).toBe("x");
    const second = edit(first, { defaultProfile: { value: "y" } });
    expect(second).toBe(first.replace('"x"', '"y"'));
    expect(edit(second, { defaultProfile: { value: undefined } })).not.toContain("default_profile");
  });
});

describe("replacing", () => {
  const before = `[organizations.globex]
# who they are
source = "script"

# the next one is not theirs
[profiles.other]
organization = "acme" # keep

[organizations.globex.options]
command = [
  "/old",   # multi-line
]
timeout = "20s"
# trailing comment of other
[organizations.acme]
source = "sso"
`;

  test("only the table that changes; comments of others and of its own stay", () => {
    const after = edit(before, {
      organization: { name: "globex", value: { source: "script", options: { command: ["/new"], timeout: "20s" } } },
    });
    expect(after).toBe(before.replace(/command = \[[^\]]*\]\ntimeout = "20s"/, 'command = ["/new"]\ntimeout = "20s"'));
  });

  test("a table that has to go, goes alone", () => {
    const after = edit(before, { organization: { name: "globex", value: undefined } });
    expect(parse(after)).toEqual({ profiles: { other: { organization: "acme" } }, organizations: { acme: { source: "sso" } } });
    expect(after).toContain("# the next one is not theirs\n[profiles.other]");
    expect(after).toContain("# trailing comment of other\n[organizations.acme]");
  });

  test("a table that is new goes beside its family", () => {
    const after = edit("[profiles.x]\norganization = 'a'\n\n[profiles.z]\norganization = 'a'\n", {
      profile: { name: "x", value: { organization: "a", options: { role_name: "R" } } },
    });
    expect(after).toBe(
      `[profiles.x]\norganization = 'a'\n[profiles.x.options]\nrole_name = "R"\n\n[profiles.z]\norganization = 'a'\n`,
    );
  });

  test.each([
    ["inline table", '[profiles]\nx = { organization = "a" }\n', 2],
    ["dotted key", 'profiles.x.organization = "a"\n', 1],
  ])("written as %s: refused with its line", (_state, text, line) => {
    expect(() => edit(text, { profile: { name: "x", value: { organization: "b" } } })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIGURATION", message: expect.stringContaining(`config.toml:${line}:`) }),
    );
  });
});

test("any document: what was changed is changed, all else says the same", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9.]{0,5}$/);
  const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string()), fc.dictionary(name, fc.string()));
  const organization = fc.record(
    {
      source: fc.constantFrom("sso", "script"),
      description: fc.string(),
      options: fc.dictionary(name, value),
      claude: fc.record({ env: fc.dictionary(fc.stringMatching(/^[A-Z]{1,4}$/), fc.string()) }),
    },
    { requiredKeys: ["source"] },
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.option(organization, { nil: undefined })), { maxLength: 6 }), (changes) => {
      let text = "# begin\n";
      const expected = new Map<string, unknown>();
      for (const [organizationName, settings] of changes) {
        text = edit(text, { organization: { name: organizationName, value: settings } });
        if (settings === undefined) expected.delete(organizationName);
        else
          expected.set(
            organizationName,
            Object.fromEntries(
              Object.entries(settings).filter(([, inner]) => typeof inner !== "object" || Object.keys(inner).length > 0),
            ),
          );
        const found = (parse(text)["organizations"] ?? {}) as Record<string, unknown>;
        expect(JSON.parse(JSON.stringify(found))).toEqual(Object.fromEntries(expected));
      }
    }),
    { numRuns: 150 },
  );
});

test("statements are found around strings, comments and arrays that look like others", () => {
  const text = `a = """\n[no]\nb = 1\\"""" # c = 2\n'q.r' . s = ['[x]', # ]\n "]"]\n[t."u.v"]\nw = { y = '}' }\n[[list]]\n`;
  expect(tomlStatements(text).map(({ kind, path, line }) => [kind, path, line])).toEqual([
    ["key", ["a"], 1],
    ["key", ["q.r", "s"], 4],
    ["table", ["t", "u.v"], 6],
    ["key", ["t", "u.v", "w"], 7],
    ["array", ["list"], 8],
  ]);
});

describe("writing", () => {
  test("a backup of what was there, 0600, and the plan without writing", async () => {
    const platform = fakePlatform();
    const place = folders(platform);
    platform.files.put("/home/ada/.config/keyspring/config.toml", "# mine\n");
    const plan = await planConfigChange(platform, place, SCRIPT);
    expect(plan).toMatchObject({ before: "# mine\n", after: `# mine\n\n${ADDED}`, changed: true });
    expect(platform.files.texts()["/home/ada/.config/keyspring/config.toml"]).toBe("# mine\n");
    const { backup } = await addToConfig(platform, place, SCRIPT);
    expect(platform.files.texts()[backup!]).toBe("# mine\n");
    expect((await platform.files.facts("/home/ada/.config/keyspring/config.toml"))?.mode).toBe(0o600);
    expect(await addToConfig(platform, place, SCRIPT)).toMatchObject({ changed: false, backup: undefined });
  });

  test("no file: made, no backup", async () => {
    const platform = fakePlatform();
    expect(await addToConfig(platform, folders(platform), SCRIPT)).toMatchObject({
      before: undefined,
      backup: undefined,
      changed: true,
    });
    expect(platform.files.texts()["/home/ada/.config/keyspring/config.toml"]).toBe(ADDED);
  });

  test("change that the schema refuses: nothing written", async () => {
    const platform = fakePlatform();
    const change: ConfigChange = { profile: { name: "x y", value: { organization: "a" } } };
    await expect(addToConfig(platform, folders(platform), change)).rejects.toMatchObject({ code: "INVALID_CONFIGURATION" });
    expect(platform.files.texts()).toEqual({});
  });

  test("full disk: the old file stays and the message says so", async () => {
    const platform = fakePlatform();
    platform.files.fail("writeAtomic", "ENOSPC");
    await expect(addToConfig(platform, folders(platform), SCRIPT)).rejects.toMatchObject({
      message: expect.stringContaining("disk is full"),
    });
  });
});
