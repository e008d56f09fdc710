import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { printEnvironment, type EnvironmentFormat } from "./environment-print.ts";

const VALUES = { PLAIN: "abc/+=", HARD: `a'b"c\\d$HOME\`id\`$(id)!x%PATH%;&|<>#~ *?[é]{1,2}`, EMPTY: "", DASHES: "--x" };
// bash reads its start-up files when its standard input is a socket.
const stdio: ["ignore", "pipe", "inherit"] = ["ignore", "pipe", "inherit"];
const present = (shell: string): boolean => spawnSync(shell, ["-c", "exit 0"]).status === 0;
const SHELLS: readonly [string, EnvironmentFormat][] = [
  ["sh", "sh"],
  ["bash", "sh"],
  ["dash", "sh"],
  ["zsh", "sh"],
  ["fish", "fish"],
  ["pwsh", "powershell"],
];

describe("values arrive byte for byte", () => {
  // Of the other shells, those that this machine has; what they must be given is spelled out below.
  for (const [shell, format] of SHELLS.filter(([name]) => name === "sh" || present(name)))
    test(`in ${shell}`, () => {
      const text = `${printEnvironment(VALUES, format, ["GONE", "PLAIN"])}\n${process.execPath} -p 'JSON.stringify(process.env)'`;
      const env = JSON.parse(
        execFileSync(shell, ["-c", text], { env: { PATH: process.env["PATH"], GONE: "still here" }, stdio }).toString(),
      );
      expect(env).toMatchObject(VALUES);
      expect(env).not.toHaveProperty("GONE");
    });

  test("by eval of the printed text", () => {
    const env = { PATH: process.env["PATH"], TEXT: printEnvironment(VALUES, "sh") };
    const said = execFileSync("sh", ["-c", `eval "$TEXT"; printf %s "$HARD"`], { env, stdio }).toString();
    expect(said).toBe(VALUES.HARD);
  });
});

test.each([
  ["fish", "set -e GONE\nset -gx A 'it\\'s\\\\'"],
  ["powershell", "Remove-Item Env:GONE -ErrorAction SilentlyContinue\n$Env:A = 'it''s\\'"],
  ["sh", "unset GONE\nexport A='it'\\''s\\'"],
] as const)("%s syntax", (format, text) => {
  expect(printEnvironment({ A: "it's\\" }, format, ["GONE"])).toBe(text);
});

test("cmd and dotenv syntax", () => {
  expect(printEnvironment({ A: "b c&d" }, "cmd", ["GONE"])).toBe('set "GONE="\nset "A=b c&d"');
  expect(printEnvironment({ A: "b/+=", B: "c d #" }, "dotenv", ["GONE"])).toBe("GONE=\nA=b/+=\nB='c d #'");
  expect(printEnvironment({ A: "b" }, "json", ["GONE"])).toBe('{"GONE":null,"A":"b"}');
});

test("PowerShell takes typographic quotes for quotes", () => {
  expect(printEnvironment({ A: "x’; rm y" }, "powershell")).toBe("$Env:A = 'x’’; rm y'");
});

test.each([
  ["sh", "a\nb"],
  ["fish", "a\u0000b"],
  ["powershell", "a\rb"],
  ["cmd", 'a"b'],
  ["cmd", "%a%"],
  ["dotenv", "it's"],
] as const)("%s refuses %j", (format, value) => {
  expect(() => printEnvironment({ A: value }, format)).toThrow(
    `the value of A holds a character that ${format} syntax cannot carry safely`,
  );
});

test("a variable's name that is code", () => {
  expect(() => printEnvironment({ "A;id": "x" }, "sh")).toThrow("a variable's name");
});
