import { describe, expect, test } from "vitest";
import { howToRun } from "./how-to-run.ts";

const plan = (line: string | string[], os: "linux" | "win32" = "linux"): ReturnType<typeof howToRun> =>
  howToRun(line, os, "here");

describe("both kinds of SDK agree: the program is started directly", () => {
  test.each<[string, string[]]>([
    ['"/path with space/x" arg', ["/path with space/x", "arg"]],
    ["/opt/x --profile acme --json", ["/opt/x", "--profile", "acme", "--json"]],
    ['sh -c "a; b"', ["sh", "-c", "a; b"]],
    ["sh -c 'a && b | c > d; echo $X `id` ~ # *'", ["sh", "-c", "a && b | c > d; echo $X `id` ~ # *"]],
    ["/opt/x a\\ b --url=https://x/start#/", ["/opt/x", "a b", "--url=https://x/start#/"]],
    ["/opt/x a~b --x=~", ["/opt/x", "a~b", "--x=~"]],
    ['/opt/x "50%" "a$" \'$\' x$', ["/opt/x", "50%", "a$", "$", "x$"]],
    ["/opt/x {} a{b}c", ["/opt/x", "{}", "a{b}c"]],
    ["/opt/x set export", ["/opt/x", "set", "export"]],
    ["/opt/x A=b\n", ["/opt/x", "A=b"]],
  ])("%s", (line, words) => {
    expect(plan(line)).toEqual({ command: words, words, disputed: [] });
  });
});

describe("only a shell makes sense of it: a shell runs it, and what differs is named", () => {
  test.each<[string, string[]]>([
    ["~/bin/x", ["~"]],
    ["/opt/x ~", ["~"]],
    ["$HOME/bin/x", ["$VARIABLE"]],
    ['"${HOME}/bin/x"', ["$VARIABLE"]],
    ["/opt/x $(id -u)", ["$(", "(", ")"]],
    ["/opt/x `id -u`", ["`"]],
    ["/opt/x # for acme", ["#"]],
    ["/opt/x ; true", [";"]],
    ["/opt/x;", [";"]],
    ["/opt/x 2>/dev/null", [">"]],
    ["/opt/x | tail -1 && true", ["|", "&"]],
    ["/opt/*/x", ["*"]],
    ["/opt/x {a,b}", ["{…}"]],
    ["AWS_PROFILE=base /opt/x", ["NAME=value"]],
    ["exec /opt/x", ["exec"]],
    ["cd /opt && ./x", ["cd", "&"]],
    ['/opt/x "\\$HOME"', ["\\"]],
    ["/opt/x $'a\\tb'", ["$'"]],
    ["/opt/x\ntrue", ["line break"]],
  ])("%s", (line, disputed) => {
    expect(plan(line)).toMatchObject({ command: { shell: line }, disputed });
  });
});

describe("Windows", () => {
  test.each<[string, ReturnType<typeof plan>["command"], string[]]>([
    ['"C:\\Program Files\\x.exe" --a "b & c"', ["C:\\Program Files\\x.exe", "--a", "b & c"], []],
    ["aws configure export-credentials", { shell: "aws configure export-credentials" }, []],
    ["C:\\x.exe %USERPROFILE%", { shell: "C:\\x.exe %USERPROFILE%" }, ["%VARIABLE%"]],
    ["C:\\x.exe & dir", { shell: "C:\\x.exe & dir" }, ["&"]],
    ["C:\\x.exe 50%", ["C:\\x.exe", "50%"], []],
  ])("%s", (line, command, disputed) => {
    expect(plan(line, "win32")).toMatchObject({ command, disputed });
  });
});

test("a list is run as it stands", () => {
  expect(plan(["/opt/x", "$HOME", "a b", ""])).toEqual({
    command: ["/opt/x", "$HOME", "a b", ""],
    words: ["/opt/x", "$HOME", "a b", ""],
    disputed: [],
  });
});

test.each([
  ["'/opt/x", "here has a quote or backslash that does not end"],
  ["  ", "here is empty"],
  ["'' a", "here is empty"],
])("refused: %j", (line, message) => {
  expect(() => plan(line)).toThrow(expect.objectContaining({ code: "INVALID_CONFIGURATION", message }));
});
