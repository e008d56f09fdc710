import { expect, test } from "vitest";
import { checkOptions } from "./options.ts";
import type { StandardIssue, StandardSchemaV1 } from "./standard-schema.ts";

const refusing = (issues: StandardIssue[]): StandardSchemaV1<unknown, never> => ({
  "~standard": { version: 1, vendor: "test", validate: () => ({ issues }) },
});
const check = (...issues: StandardIssue[]): Promise<never> =>
  checkOptions(refusing(issues), { comand: 1, command: 1, env: {} }, "organizations.acme.options", ["command", "env"]);

test("a key with a slip in it", async () => {
  await expect(check({ message: "unknown key", path: ["comand"] })).rejects.toMatchObject({
    code: "INVALID_CONFIGURATION",
    message: "organizations.acme.options: there is no option comand",
    remedy: "Did you mean `command`? Correct organizations.acme.options in config.toml.",
  });
});

test("the slip comes before what is missing for it", async () => {
  await expect(
    check({ message: "is missing", path: ["command"] }, { message: "unknown key", path: ["comand"] }),
  ).rejects.toMatchObject({
    message: "organizations.acme.options: there is no option comand",
  });
});

test.each([
  ["a known key with a wrong value", [{ key: "command" }], "command: no"],
  ["a name within a table", ["env", "eny"], "env.eny: no"],
  ["no path", undefined, "no"],
])("%s: no suggestion", async (_, path, message) => {
  await expect(check({ message: "no", path })).rejects.toMatchObject({
    message: `organizations.acme.options: ${message}`,
    remedy: "Correct organizations.acme.options in config.toml.",
  });
});

const at = (key: string | undefined, isThere: boolean): { place: string; remedy: string } => ({
  place: `c.toml:${isThere ? 7 : 1}`,
  remedy: `${isThere ? "Correct" : "Add"} ${key}.`,
});

const told = (path: string): Promise<never> => checkOptions(refusing([{ message: "no", path: [path] }]), { env: 1 }, at);

test("told where each stands: the place of the one that is wrong, and of the one that is missing", async () => {
  await expect(told("env")).rejects.toMatchObject({ message: "c.toml:7: env: no", remedy: "Correct env." });
  await expect(told("command")).rejects.toMatchObject({ message: "c.toml:1: command is missing", remedy: "Add command." });
});

test("right options come back as the schema gives them", async () => {
  const schema: StandardSchemaV1<unknown, number> = {
    "~standard": { version: 1, vendor: "test", validate: async () => ({ value: 7 }) },
  };
  expect(await checkOptions(schema, "7", "here")).toBe(7);
});
