import { chmodSync, chownSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { lost, snapshot, badCases, type BadCase } from "../bad-input/case.ts";
import { house as newHouse, type House } from "../lib/house.ts";
import { parseSettings, USER_SETTINGS as FILE } from "./claude-settings.ts";

const PLAIN = '{\n  "model": "opus"\n}\n';

function put(house: House, content: string | Uint8Array, mode = 0o640): void {
  house.write(FILE, "");
  writeFileSync(house.path(FILE), content);
  chmodSync(house.path(FILE), mode);
}

interface Kind {
  readonly before?: string | Uint8Array;
  readonly arrange?: (house: House) => void;
  /** What the file must look like between apply and remove. */
  readonly looks?: (text: string) => unknown;
}

const HELPERS = '{\n  "awsAuthRefresh": "aws sso login --profile old",\n  "awsCredentialExport": "/opt/old.sh"\n}\n';
const HOOKS =
  '{\n  "hooks": {\n    "UserPromptSubmit": [\n      { "hooks": [{ "type": "command", "command": "date" }] }\n    ]\n  }\n}\n';

/** Files that Claude Code reads: they take the settings, keep all else, and come back byte for byte. */
const TAKEN: Readonly<Record<string, Kind>> = {
  "no file, no folder": {},
  "a folder with other things": { arrange: ({ write }) => void write(".claude/CLAUDE.md", "be brief\n") },
  "two spaces": { before: PLAIN, looks: (text) => expect(text).toContain('{\n  "model": "opus",\n  "aws') },
  "four spaces": {
    before: '{\n    "model": "opus"\n}\n',
    looks: (text) => expect(text).toContain('\n    "env": {\n        "'),
  },
  tabs: { before: '{\n\t"model": "opus"\n}\n', looks: (text) => expect(text).toContain('\n\t"env": {\n\t\t"') },
  "one line": { before: '{"model":"opus","env":{"A":"1"}}', looks: (text) => expect(text).not.toContain("\n") },
  "no line break at the end": { before: PLAIN.trimEnd(), looks: (text) => expect(text).toMatch(/\}$/) },
  CRLF: { before: PLAIN.replaceAll("\n", "\r\n"), looks: (text) => expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/) },
  "a byte-order mark": { before: `\uFEFF${PLAIN}`, looks: (text) => expect(text.startsWith("\uFEFF{")).toBe(true) },
  "a byte-order mark with CRLF": { before: `\uFEFF${PLAIN.replaceAll("\n", "\r\n")}` },
  empty: { before: "" },
  "white space only": { before: " \n\n" },
  "an empty object": { before: "{}" },
  "unknown keys": {
    before: '{\n  "notYetInvented": { "x": [1, 2.50, 1e3, "\\u00e9"] }\n}\n',
    looks: (text) => expect(text).toContain("2.50, 1e3"),
  },
  "other variables": {
    before: '{\n  "env": {\n    "FOO": "bar"\n  }\n}\n',
    looks: (text) => expect(text).toContain('"FOO": "bar"'),
  },
  "the same variable with another value": {
    before: '{ "env": { "AWS_REGION": "eu-west-1" } }\n',
    looks: (text) => expect(text).toContain('"AWS_REGION": "us-east-1"'),
  },
  "other people's helpers": { before: HELPERS, looks: (text) => expect(text).not.toContain("old") },
  "other people's hooks": { before: HOOKS, looks: (text) => expect(text).toContain('"command": "date"') },
  "permissions with duplicates": {
    before: '{\n  "permissions": { "allow": [], "allow": ["Bash"] }\n}\n',
    looks: (text) => expect(text).toContain('"allow": [], "allow": ["Bash"]'),
  },
  "keys in escapes": { before: '{\n  "\\u0061wsAuthRefresh": "old"\n}\n' },
  "text outside ASCII": {
    before: '{\n  "note": "Grüße 🚀 \u2028"\n}\n',
    looks: (text) => expect(text).toContain("Grüße 🚀 \u2028"),
  },
  "commas first": { before: '{ "a": 1\n, "b": 2\n}\n' },
  "huge, but readable": { before: `{\n  "pad": "${"x".repeat(1_900_000)}"\n}\n` },
  "a key of JavaScript's own": { before: '{\n  "__proto__": { "env": "x" }\n}\n' },
  "nested a thousand deep": { before: `{ "deep": ${"[".repeat(1000)}${"]".repeat(1000)} }\n` },
  "a symbolic link to a file elsewhere": {
    arrange: (house) => {
      house.write("dotfiles/claude.json", PLAIN);
      mkdirSync(house.path(".claude"));
      symlinkSync("../dotfiles/claude.json", house.path(FILE));
    },
  },
  "a linked folder": {
    arrange: (house) => {
      house.write("dotfiles/claude/settings.json", PLAIN);
      symlinkSync("dotfiles/claude", house.path(".claude"));
    },
  },
  "a link to a link": {
    arrange: (house) => {
      house.write("dotfiles/claude.json", PLAIN);
      mkdirSync(house.path(".claude"));
      symlinkSync("claude.json", house.path("dotfiles/again.json"));
      symlinkSync("../dotfiles/again.json", house.path(FILE));
    },
  },
  CLAUDE_CONFIG_DIR: { arrange: (house) => void (house.env["CLAUDE_CONFIG_DIR"] = house.path("elsewhere/claude")) },
  "readable by everybody": { arrange: (house) => put(house, PLAIN, 0o644) },
};

describe.concurrent("settings apply and remove", () => {
  for (const [name, { before, arrange, looks }] of Object.entries(TAKEN))
    it(name, async ({ onTestFinished }) => {
      const house = await newHouse({ onFinished: onTestFinished });
      if (before !== undefined) put(house, before);
      arrange?.(house);
      const old = snapshot(house.home);
      const file = `${house.env["CLAUDE_CONFIG_DIR"] ?? house.path(".claude")}/settings.json`;
      const wasLink = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;

      const applied = await house.keyspring("settings", "apply", "--yes");
      expect({ exitCode: applied.exitCode, stderr: applied.stderr }).toMatchObject({ exitCode: 0 });
      expect(applied.stdout).toMatch(/^Setting applied\. Changes:\n {2}awsCredentialExport = /);
      const text = readFileSync(file, "utf8");
      const written = parseSettings(text);
      expect(written.awsCredentialExport).toMatch(/ export --guard --profile acme /);
      expect(written.awsAuthRefresh).toMatch(/ refresh --profile acme$/);
      expect(written.env).toMatchObject({ CLAUDE_CODE_USE_BEDROCK: "1", AWS_REGION: "us-east-1" });
      const {
        awsAuthRefresh: _,
        awsCredentialExport: __,
        env: oldEnv,
        hooks: oldHooks,
        ...others
      } = parseSettings(typeof before === "string" ? before : "");
      expect(written).toMatchObject(others);
      expect(written.env).toMatchObject({ ...oldEnv, AWS_REGION: "us-east-1" });
      expect(written.hooks?.UserPromptSubmit).toHaveLength((oldHooks?.UserPromptSubmit?.length ?? 0) + 1);
      expect(lstatSync(file).isSymbolicLink()).toBe(wasLink);
      looks?.(text);

      const again = await house.keyspring("settings", "apply", "--yes");
      expect(again.stdout).toBe("Setting applied. Changes:\n  none, it was all there\n");
      expect(readFileSync(file, "utf8")).toBe(text);

      const removed = await house.keyspring("settings", "remove");
      expect({ exitCode: removed.exitCode, stdout: removed.stdout }).toMatchObject({
        exitCode: 0,
        stdout: expect.stringMatching(/^Setting removed\. Changes:\n/),
      });
      expect(removed.stderr).toContain("Restored byte for byte");
      expect(lost(old, snapshot(house.home))).toEqual([]);
      const nothing = await house.keyspring("settings", "remove");
      expect({ exitCode: nothing.exitCode, stderr: nothing.stderr }).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining("has put nothing into"),
      });
    });
});

/** A file that Claude Code rejects, or that could not be put back without loss. */
function refused(
  state: string,
  content: string | Uint8Array,
  what: RegExp,
  next: RegExp,
  more: Partial<BadCase> = {},
): BadCase {
  return {
    state,
    arrange: (house) => put(house, content),
    argv: ["settings", "apply", "--yes"],
    exitCode: 2,
    what,
    next,
    ...more,
  };
}

const EDITOR = /^Mend \S+settings\.json in an editor/;

badCases("settings apply refuses", [
  refused("a comment", '{\n  // mine\n  "a": 1\n}\n', /settings\.json:2:3: a comment/, EDITOR),
  refused("a comment at the end", '{ "a": 1 } /* x */', /:1:12: a comment/, EDITOR),
  refused("a trailing comma", '{\n  "a": 1,\n}\n', /:3:1: a comma with nothing after it/, EDITOR),
  refused("a missing comma", '{\n  "a": 1\n  "b": 2\n}\n', /:3:3: no valid JSON/, EDITOR),
  refused("a file cut off in the middle", '{\n  "a": "b', /:2:8: no valid JSON/, EDITOR),
  refused("single quotes", "{ 'a': 1 }", /:1:3: no valid JSON/, EDITOR),
  refused("two documents", "{} {}", /no valid JSON/, EDITOR),
  refused("a list", "[]", /holds an array where Claude Code wants an object/, EDITOR),
  refused("null", "null", /holds null/, EDITOR),
  refused("env that is a list", '{ "env": [] }', /env in \S+ is not an object/, /Correct or delete env/),
  refused("hooks that are a text", '{ "hooks": "x" }', /hooks in \S+ is not an object/, /Correct or delete hooks/),
  refused(
    "a helper that is a number",
    '{ "awsAuthRefresh": 3 }',
    /awsAuthRefresh in \S+ is not a text/,
    /Correct or delete awsAuthRefresh/,
  ),
  refused(
    "a helper twice",
    '{\n  "awsAuthRefresh": "a",\n  "awsAuthRefresh": "b"\n}',
    /:3:3: "awsAuthRefresh" stands here a second time/,
    /^Delete one of the two in \S+settings\.json/,
  ),
  refused("Latin-1", Buffer.from('{ "a": "é" }', "latin1"), /not UTF-8/, /^Save it as UTF-8 in your editor/),
  refused("UTF-16", Buffer.from(`\uFEFF${PLAIN}`, "utf16le"), /UTF-16/, /^Save it as UTF-8 in your editor/),
  refused("zero bytes", new Uint8Array(64), /no valid JSON/, EDITOR),
  refused(
    "a file larger than Claude Code reads",
    `{ "pad": "${"x".repeat(2_000_000)}" }`,
    /reads no settings file near 2 MiB/,
    /^Make it smaller in an editor/,
  ),
  refused(
    "a file that would become larger than that",
    `{ "pad": "${"x".repeat(1_999_900)}" }`,
    /would grow beyond/,
    /^Make it smaller in an editor/,
  ),
  refused("a read-only file", "", /settings\.json is read-only/, /chmod u\+w \S+settings\.json/, {
    arrange: (house) => put(house, PLAIN, 0o444),
    mended: 0,
  }),
  refused("a read-only folder", "", /the folder \S+\.claude is read-only/, /^Run: chmod u\+w \S+\.claude"?$/, {
    arrange: (house) => {
      put(house, PLAIN);
      chmodSync(house.path(".claude"), 0o500);
    },
    mended: 0,
  }),
  refused("another user's file", "", /settings\.json belongs to another user \(uid 12345\)/, /user who owns the file|chown/, {
    needs: ["root"],
    arrange: (house) => {
      put(house, PLAIN);
      chownSync(house.path(FILE), 12_345, 12_345);
    },
  }),
  refused("root's file, for an ordinary user", "", /settings\.json belongs to another user \(uid 0\)/, /chown/, {
    needs: ["root"],
    ordinaryUser: true,
    arrange: (house) => put(house, PLAIN),
    through: (house, command) => {
      chownSync(house.path(FILE), 0, 0);
      return command;
    },
    changes: /settings\.json$/,
  }),
  refused(
    "a file that may not be read",
    "",
    /settings\.json could not be read: you have no permission/,
    /^Run: ls -ld \S+settings\.json /,
    {
      ordinaryUser: true,
      arrange: (house) => put(house, PLAIN, 0o200),
    },
  ),
  refused("a folder in its place", "", /settings\.json is a folder where a settings file should be/, /^Move it away: mv/, {
    arrange: ({ path }) => mkdirSync(path(FILE), { recursive: true }),
  }),
  refused("a file in its folder's place", "", /a file stands where one of its folders should be/, /^Run: ls -ld/, {
    arrange: ({ write }) => write(".claude", "mine"),
  }),
  refused("a link that leads nowhere", "", /is a symbolic link that leads to nothing/, /^Run: ls -l/, {
    arrange: ({ path }) => {
      mkdirSync(path(".claude"));
      symlinkSync("nowhere", path(FILE));
    },
  }),
  refused("a link that leads in a circle", "", /its symbolic links lead in a circle/, /^Run: ls -l \S+settings\.json /, {
    arrange: ({ path }) => {
      mkdirSync(path(".claude"));
      symlinkSync("settings.json", path(FILE));
    },
  }),
  refused(
    "somebody else's helper, and nobody to ask",
    HELPERS,
    /awsCredentialExport in \S+ is somebody else's command and will be replaced.*; nobody is here to be asked/,
    /--dry-run.*--yes/,
    {
      argv: ["settings", "apply"],
    },
  ),
  refused("a full disk", "", /no space|disk is full/, /Free some space/, {
    needs: ["mounts"],
    arrange: (house) => {
      put(house, PLAIN);
      house.write("full/before", "");
    },
    through: onFullDisk,
    check: (house) => expect(readFileSync(house.path("full/settings.json"), "utf8")).toBe(PLAIN),
    changes: /^\/full\//,
  }),
  refused("a read-only disk", "", /settings\.json could not be written: its file system is read-only/, /--scope/, {
    needs: ["mounts"],
    arrange: (house) => put(house, PLAIN),
    through: (house, command) => [
      "unshare",
      "--mount",
      "sh",
      "-c",
      'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"',
      house.path(".claude"),
      ...command,
    ],
  }),
]);

/** Claude Code's folder on a disk without a byte left; what is there afterwards is copied to `full/`. */
function onFullDisk(house: House, command: readonly string[]): readonly string[] {
  const inside = [
    'folder="$0"; keep="$1"; shift',
    'cp "$folder/settings.json" "$keep/" && mount -t tmpfs -o size=8k tmpfs "$folder" && mv "$keep/settings.json" "$folder/"',
    'cat /dev/zero > "$folder/rest" 2>/dev/null',
    '"$@"; code=$?',
    'cp "$folder/settings.json" "$keep/"; exit $code',
  ];
  return ["unshare", "--mount", "sh", "-c", inside.join("\n"), house.path(".claude"), house.path("full"), ...command];
}
