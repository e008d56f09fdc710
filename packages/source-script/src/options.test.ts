import { toJsonSchema } from "@valibot/to-json-schema";
import { describe, expect, test } from "vitest";
import { checkOptions } from "@keyspring/core";
import { SCRIPT_OPTION_KEYS, scriptOptionsSchema } from "./options.ts";
import { scriptPlugin } from "./plugin.ts";

const command = ["/opt/acme/grant.sh"];
const check = (options: unknown): Promise<unknown> => checkOptions(scriptPlugin.options, options, "here", SCRIPT_OPTION_KEYS);

test("the least there can be, with its defaults", async () => {
  expect(await check({ command })).toEqual({
    command,
    timeout: "30s",
    sign_in_timeout: "160s",
    output_limit: 1_048_576,
    shell: false,
    sign_in_exit_codes: [3],
  });
});

test("everything", async () => {
  const options = {
    command: "/opt/acme/grant.sh | tail -1",
    sign_in_command: "/opt/acme/login.sh",
    timeout: "20s",
    sign_in_timeout: "2m 30s",
    env: { ACME_ENV: "prod" },
    working_directory: "~/acme",
    section: "acme",
    output_limit: 4096,
    shell: true,
    sign_in_exit_codes: [3, 77],
  };
  expect(await check(options)).toEqual(options);
});

test.each([
  [{}, "here: command is missing", undefined],
  [{ comand: command }, "here: there is no option comand", "Did you mean `command`?"],
  [{ command, comand: 1 }, "here: there is no option comand", "Did you mean `command`?"],
  [{ command, "sign-in-command": command }, "here: there is no option sign-in-command", "Did you mean `sign_in_command`?"],
  [{ command: [] }, "here: command: must name a program", undefined],
  [{ command: [""] }, "here: command.0: must not be empty", undefined],
  [{ command: 7 }, 'here: command: must be a list of texts, e.g. ["/opt/acme/grant.sh", "--json"]', undefined],
  [
    { command: "/opt/x" },
    "here: command: a command line needs shell = true; better give a list: program, then arguments",
    undefined,
  ],
  [{ command, shell: true }, "here: command: with shell = true give one text, not a list", undefined],
  [
    { command, sign_in_command: "login" },
    "here: sign_in_command: a command line needs shell = true; better give a list: program, then arguments",
    undefined,
  ],
  [{ command, timeout: 20 }, 'here: timeout: must be a text such as "20s"', undefined],
  [{ command, timeout: "20" }, 'here: timeout: must be a duration such as "20s" or "2m"', undefined],
  [{ command, timeout: "0s" }, "here: timeout: must be from 100ms to 1h", undefined],
  [{ command, sign_in_timeout: "25h" }, "here: sign_in_timeout: must be from 100ms to 1h", undefined],
  [{ command, env: { "A B": "x" } }, "here: env.A B: is no name of a variable", undefined],
  [{ command, env: { A: 1 } }, "here: env.A: must be a text", undefined],
  [{ command, output_limit: 1 }, "here: output_limit: must be at least 1024 bytes", undefined],
  [{ command, sign_in_exit_codes: [0] }, "here: sign_in_exit_codes.0: must be 1 to 255", undefined],
  ["x", "here: must be a table", undefined],
])("refused: %j", async (options, message, remedy) => {
  await expect(check(options)).rejects.toMatchObject({
    code: "INVALID_CONFIGURATION",
    message,
    remedy: expect.stringContaining(remedy ?? "Correct here in config.toml.") as string,
  });
});

describe("as JSON Schema, for editors", () => {
  test("every key, with its words", () => {
    const schema = toJsonSchema(scriptOptionsSchema) as {
      properties: Record<string, { description: string }>;
      additionalProperties: boolean;
    };
    expect(Object.keys(schema.properties)).toEqual([...SCRIPT_OPTION_KEYS]);
    expect(schema.additionalProperties).toBe(false);
    for (const { description } of Object.values(schema.properties)) expect(description).toMatch(/\w/);
  });
});
