import { configSchema } from "./schema.ts";

/** The JSON Schema (draft 7) of config.toml, from which editors complete and check it. Shipped as config.schema.json. */
export async function configJsonSchema(): Promise<Record<string, unknown>> {
  const { toJsonSchema } = await import("@valibot/to-json-schema");
  return { ...toJsonSchema(configSchema, { typeMode: "input" }), title: "Keyspring's config.toml" };
}
