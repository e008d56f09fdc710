import { describe, expect, test } from "vitest";
import { shlexSplit } from "./shlex.ts";
import { windowsSplit } from "./windows-split.ts";

/** Expected values are what botocore's compat_shell_split gave (1.43.11, Python 3). */
describe("as shlex.split", () => {
  test.each<[string, string[] | undefined]>([
    ["", []],
    ["  \t", []],
    ["a b\tc\nd", ["a", "b", "c", "d"]],
    ['"/path with space/x" arg', ["/path with space/x", "arg"]],
    ["'it is' \"it's\"", ["it is", "it's"]],
    ['sh -c "a; b"', ["sh", "-c", "a; b"]],
    ["a # b", ["a", "#", "b"]],
    ["a ; b", ["a", ";", "b"]],
    ["~/x $HOME `id`", ["~/x", "$HOME", "`id`"]],
    ["a\\ b \\\\ \\'", ["a b", "\\", "'"]],
    ['"a\\"b" "c\\\\d" "e\\f" "\\$x"', ['a"b', "c\\d", "e\\f", "\\$x"]],
    ["'a\\b'", ["a\\b"]],
    ["'a\\\\'\"b\"", ["a\\\\b"]],
    ["$'a\\nb'", ["$a\\nb"]],
    ["'' \"\" a''b", ["", "", "ab"]],
    ["a'b\"c'd", ['ab"cd']],
    ["'a", undefined],
    ['"a', undefined],
    ['"a\\"', undefined],
    ["a\\", undefined],
  ])("%j", (line, words) => {
    expect(shlexSplit(line)).toEqual(words);
  });
});

describe("as botocore's Windows splitter", () => {
  test.each<[string, string[] | undefined]>([
    ["", []],
    ['"C:\\Program Files\\acme\\grant.exe" --x', ["C:\\Program Files\\acme\\grant.exe", "--x"]],
    ["C:\\acme\\grant.exe a\tb", ["C:\\acme\\grant.exe", "a", "b"]],
    ["'a b'", ["'a", "b'"]],
    ['a\\"b', ['a"b']],
    ['a\\\\"b c"', ["a\\b c"]],
    ['a\\\\\\"b', ['a\\"b']],
    ["a\\\\b", ["a\\\\b"]],
    ['"" a""b', ["", "ab"]],
    ["a\nb", ["a\nb"]],
    ["a\\ b\\", ["a\\", "b\\"]],
    ['"a', undefined],
  ])("%j", (line, words) => {
    expect(windowsSplit(line)).toEqual(words);
  });
});
