import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

/** What a question comes to when its person types `input` and then goes away. */
function asked(input: string): string {
  const file = new URL("node-terminal.ts", import.meta.url).href;
  const script = `
    import { nodeTerminal } from ${JSON.stringify(file)};
    const say = (result) => nodeTerminal().out(result);
    await nodeTerminal().ask("ok? ").then((answer) => say("answer " + answer), (error) => say(error.code));`;
  const args = ["--conditions=@keyspring/source", "--input-type=module", "--eval", script];
  return spawnSync(process.execPath, args, { input, encoding: "utf8" }).stdout;
}

test("answered", () => {
  expect(asked("yes\n")).toBe("answer yes");
});

// Ctrl-C and Ctrl-D close the question in the same way.
test("left without an answer: interrupted, no defect", () => {
  expect(asked("")).toBe("CANCELLED");
});
