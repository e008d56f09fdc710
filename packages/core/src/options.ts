import { CredentialError } from "./errors.ts";
import type { StandardIssue, StandardSchemaV1 } from "./standard-schema.ts";
import { didYouMean } from "./suggest.ts";

/** Where a person finds an option. */
export interface OptionPlace {
  /** What messages begin with, e.g. `config.toml:12`. */
  readonly place: string;
  /** What to type, e.g. `Correct line 12 of config.toml.` */
  readonly remedy: string;
}

/**
 * The options, checked by the plugin's own schema.
 * @param where what the person wrote, e.g. `organizations.acme.options`; or tells where `key` stands, or where it could be added
 * @param knownKeys names the schema has, for "did you mean"; may be empty
 * @throws CredentialError INVALID_CONFIGURATION
 */
export async function checkOptions<Options>(
  schema: StandardSchemaV1<unknown, Options>,
  value: unknown,
  where: string | ((key: string | undefined, isThere: boolean) => OptionPlace),
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
  const key = first === undefined ? undefined : pathOf(first).map(String)[0];
  const isThere = key !== undefined && Object.hasOwn(Object(value), key);
  const { place, remedy } =
    typeof where === "string" ? { place: where, remedy: `Correct ${where} in config.toml.` } : where(key, isThere);
  const message = first === undefined ? "the options are not valid" : describe(first, unknown !== undefined, isThere);
  const meant = unknown === undefined ? undefined : didYouMean(key!, knownKeys);
  throw new CredentialError("INVALID_CONFIGURATION", `${place}: ${message}`, {
    remedy: meant === undefined ? remedy : `Did you mean \`${meant}\`? ${remedy}`,
  });
}

function describe(issue: StandardIssue, isUnknown: boolean, isThere: boolean): string {
  const path = pathOf(issue).map(String).join(".");
  // What schema libraries say of keys that are too many or too few is about types.
  if (isUnknown && isThere) return `there is no option ${path}`;
  if (path !== "" && !path.includes(".") && !isThere) return `${path} is missing`;
  return path === "" ? issue.message : `${path}: ${issue.message}`;
}

function pathOf(issue: StandardIssue): PropertyKey[] {
  return (issue.path ?? []).map((part) => (typeof part === "object" ? part.key : part));
}
