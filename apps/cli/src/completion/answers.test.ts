import { expect, test } from "vitest";
import { COMMANDS, GROUPS } from "../commands/table/index.ts";
import { completionsFor } from "./answers.ts";

const known = { commands: COMMANDS, groups: GROUPS, profiles: ["acme-dev", "acme-prod", "globex"] };
const offered = (...words: string[]): string[] => completionsFor(words, known).map(({ value }) => value);

test("nothing typed: every command and group once, none that is hidden", () => {
  const words = offered("");
  expect(words).toEqual(expect.arrayContaining(["settings", "export", "login", "demo", "completion"]));
  expect(new Set(words).size).toBe(words.length);
  expect(words).not.toContain("complete");
  expect(words).not.toContain("claude-hook");
});

test.each([
  [["exp"], ["export", "explain"]],
  [
    ["settings", ""],
    ["apply", "show", "check", "remove"],
  ],
  [["settings", "a"], ["apply"]],
  [
    ["export", "--profile", ""],
    ["acme-dev", "acme-prod", "globex"],
  ],
  [["export", "--profile", "acme-p"], ["acme-prod"]],
  [["export", "--profile=g"], ["--profile=globex"]],
  [["settings", "apply", "--prof"], ["--profile"]],
  [["settings", "apply", "--profile", "g"], ["globex"]],
  [["env", "--format", "p"], ["powershell"]],
  [
    ["completion", ""],
    ["bash", "zsh", "fish", "powershell"],
  ],
  [["completion", "bash", ""], ["--help"]],
  [["login", "--force", "--f"], []],
  [["exec", "--pro"], ["--profile"]],
])("%j: %j", (words, expected) => {
  expect(offered(...words)).toEqual(expected);
});

test("what belongs to the command of exec is left to the shell", () => {
  expect(offered("exec", "aws", "--pro")).toEqual([]);
  expect(offered("exec", "--", "")).toEqual([]);
  expect(offered("exec", "--profile", "globex", "--", "aws", "")).toEqual([]);
  expect(offered("exec", "--profile", "globex", "--")).toContain("--help");
});

test("unknown words: nothing", () => {
  expect(offered("no-such-command", "")).toEqual([]);
  expect(offered("settings", "no-such-command", "")).toEqual([]);
});

test("every option of every command is offered", () => {
  for (const { path, options = [], hidden } of COMMANDS) {
    if (hidden === true) continue;
    const names = options.map(({ flags }) => /--[\w-]+/.exec(flags)![0]);
    expect(offered(...path.split(" "), "-")).toEqual([...names, "--help"]);
  }
});
