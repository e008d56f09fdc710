import { CredentialError, invalidConfiguration } from "@keyspring/core";
import type { ErrorObject, ValidateFunction } from "ajv";
import schema from "./settings-schema.json" with { type: "json" };

/**
 * Checks the part of a settings file that Keyspring writes against the published schema, cut down to these keys.
 * @see https://json.schemastore.org/claude-code-settings.json
 * @throws CredentialError INVALID_CONFIGURATION naming the key; the value is not shown
 */
export async function validateSettings(settings: unknown): Promise<void> {
  const validate = await (compiled ??= compile());
  if (validate(settings)) return;
  const first = specific(validate.errors ?? []);
  throw invalidConfiguration(
    `${keyOf(first)} cannot be written: Claude Code's settings schema says it ${saying(first)}`,
    "Correct that value in config.toml or on the command line; `keyspring explain` shows where it comes from.",
  );
}

let compiled: Promise<ValidateFunction> | undefined;

/** Once per process and only where something is written: it costs more than everything else that a command does. */
async function compile(): Promise<ValidateFunction> {
  const { Ajv } = await import("ajv");
  return new Ajv({ strict: false, allErrors: true }).compile(schema);
}

/** The deepest error: that of `anyOf` says only that nothing fits. */
function specific(errors: readonly ErrorObject[]): ErrorObject {
  const [first] = errors.toSorted((a, b) => b.instancePath.length - a.instancePath.length);
  if (first === undefined) throw new CredentialError("INTERNAL", "the settings schema refused without a reason");
  return first;
}

function keyOf({ instancePath, propertyName, params }: ErrorObject): string {
  const name = propertyName ?? (params["additionalProperty"] as string | undefined);
  return [...instancePath.split("/").slice(1), ...(name === undefined ? [] : [name])].join(".");
}

function saying({ keyword, message, params }: ErrorObject): string {
  if (keyword === "enum") return `must be one of ${(params["allowedValues"] as string[]).join(", ")}`;
  if (keyword === "additionalProperties") return "must not be there";
  return message ?? `breaks the rule ${keyword}`;
}
