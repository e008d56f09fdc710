import { CredentialError } from "./errors.ts";
import type { StandardIssue, StandardSchemaV1 } from "./standard-schema.ts";
import { didYouMean } from "./suggest.ts";

/**
 * The options, checked by the plugin's own schema.
 * @param where what the person wrote, e.g. `organizations.acme.options`
 * @param knownKeys names the schema has, for "did you mean"; may be empty
 * @throws CredentialError INVALID_CONFIGURATION
 */
export async function checkOptions<Options>(
  schema: StandardSchemaV1<unknown, Options>,
  value: unknown,
  where: string,
  knownKeys: readonly string[] = [],
): Promise<Options> {
  const result = await schema["~standard"].validate(value);
  if (result.issues === undefined) return result.value;
  // A name with a slip in it explains why another one is missing. (Deeper keys are not of the schema's own.)
  const isUnknown = (issue: StandardIssue): boolean => {
    const [key, ...deeper] = pathOf(issue);
    return knownKeys.length > 0 && key !== undefined && deeper.length === 0 && !knownKeys.includes(String(key));
  };
  const unknown = result.issues.find(isUnknown);
  const first = unknown ?? result.issues[0];
  const message = first === undefined ? "the options are not valid" : describe(first);
  const meant = unknown === undefined ? undefined : didYouMean(String(pathOf(unknown)[0]), knownKeys);
  const remedy =
    meant === undefined ? `Correct ${where} in config.toml.` : `Did you mean \`${meant}\`? Correct ${where} in config.toml.`;
  throw new CredentialError("INVALID_CONFIGURATION", `${where}: ${message}`, { remedy });
}

function describe(issue: StandardIssue): string {
  const path = pathOf(issue).map(String).join(".");
  return path === "" ? issue.message : `${path}: ${issue.message}`;
}

function pathOf(issue: StandardIssue): PropertyKey[] {
  return (issue.path ?? []).map((part) => (typeof part === "object" ? part.key : part));
}
