import { readFileSync } from "node:fs";
import { Ajv } from "ajv";

const file = new URL("../../fixtures/claude-code-settings.schema.json", import.meta.url);

/** The settings schema as it is published (json.schemastore.org, Apache-2.0), whole. */
export const publishedSchema: Record<string, unknown> = JSON.parse(readFileSync(file, "utf8"));

const validate = new Ajv({ strict: false, validateFormats: false }).compile(publishedSchema);

/** What the published schema says against a settings document; empty if nothing. */
export function schemaErrors(settings: unknown): string[] {
  return validate(settings) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
