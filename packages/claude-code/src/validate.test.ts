import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import schema from "./settings-schema.json" with { type: "json" };
import { publishedSchema, schemaErrors } from "./testing/published-schema.ts";
import { validateSettings } from "./validate.ts";

// Real files and processes, on machines that have other work too.
vi.setConfig({ testTimeout: 30_000 });

interface Published {
  readonly properties: Readonly<
    Record<"awsAuthRefresh" | "awsCredentialExport" | "env" | "hooks", { readonly properties: object }>
  >;
  readonly $defs: Readonly<Record<"hookCommand" | "hookMatcher", unknown>>;
}

/** Without what only people read. */
function bare(value: unknown, isNames = false): unknown {
  if (Array.isArray(value)) return value.map((item) => bare(item));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(
    ([key]) => isNames || !["description", "examples", "default", "title"].includes(key),
  );
  return Object.fromEntries(kept.map(([key, inner]) => [key, bare(inner, key === "properties")]));
}

test("the shipped schema is the published one, cut down to the keys that are written", () => {
  const { properties, $defs } = bare(publishedSchema) as Published;
  const variables = Object.entries(properties.env.properties).filter(
    ([, rule]) => JSON.stringify(rule) !== '{"type":"string"}',
  );
  expect(schema).toEqual({
    $schema: publishedSchema["$schema"],
    type: "object",
    $defs: { hookCommand: $defs.hookCommand, hookMatcher: $defs.hookMatcher },
    properties: {
      awsAuthRefresh: properties.awsAuthRefresh,
      awsCredentialExport: properties.awsCredentialExport,
      env: { ...properties.env, properties: Object.fromEntries(variables) },
      hooks: properties.hooks,
    },
  });
});

test("any settings: what is accepted here is accepted by the published schema, and the other way round", async () => {
  const hook = fc.record(
    { type: fc.constantFrom("command", "other"), command: fc.string(), timeout: fc.integer() },
    { requiredKeys: ["type"] },
  );
  const settings = fc.record(
    {
      awsAuthRefresh: fc.oneof(fc.string(), fc.integer()),
      awsCredentialExport: fc.string(),
      env: fc.dictionary(
        fc.constantFrom("AWS_REGION", "CLAUDE_CODE_USE_BEDROCK", "lower", "_X"),
        fc.constantFrom("1", "0", "x", "", 1),
      ),
      hooks: fc.dictionary(
        fc.constantFrom("Stop", "UserPromptSubmit", "Nope"),
        fc.array(fc.record({ matcher: fc.string(), hooks: fc.array(hook) })),
      ),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(settings, async (value) => {
      const accepted = await validateSettings(value).then(
        () => true,
        () => false,
      );
      expect(accepted).toBe(schemaErrors(value).length === 0);
    }),
    { numRuns: 100 },
  );
});

test("a refusal names the key and the rule, never the value", async () => {
  await expect(validateSettings({ env: { CLAUDE_CODE_USE_BEDROCK: "hunter2secret" } })).rejects.toMatchObject({
    code: "INVALID_CONFIGURATION",
    message: "env.CLAUDE_CODE_USE_BEDROCK cannot be written: Claude Code's settings schema says it must be one of 0, 1",
  });
  await expect(validateSettings({ awsAuthRefresh: 3 })).rejects.toThrow(
    "awsAuthRefresh cannot be written: Claude Code's settings schema says it must be string",
  );
});
