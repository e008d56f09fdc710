import { isCredentialError } from "../errors.ts";
import type { AwsCredentialIdentity } from "../identity.ts";
import { withoutTerminalCodes } from "../terminal-text.ts";
import { VARIABLE_SPELLING, variablesIn } from "./environment.ts";
import { CAMEL, identityFrom, PASCAL, type RawFields, type Spelling } from "./fields.ts";
import { chooseSection, INI_SPELLING, iniSections } from "./ini.ts";
import { isObject, keysOf, type JsonObject } from "./json.ts";
import { jsonObjectsIn } from "./json-in-text.ts";
import { invalidOutput } from "./problem.ts";
import { fieldsAmong, hasKey, namesKey } from "./synonyms.ts";

export type OutputShape = "credential_process" | "sts" | "sso" | "container" | "json" | "environment" | "ini";

export interface ParsedOutput {
  readonly identity: AwsCredentialIdentity;
  readonly shape: OutputShape;
}

interface Candidate {
  readonly shape: OutputShape;
  readonly fields: RawFields;
  readonly spelling: Spelling;
}

const LONGEST_OUTPUT = 4 * 1024 * 1024;
const DEEPEST = 8;

/**
 * Credentials from whatever a real script prints: whole answers of STS (`{"Credentials":{…}}`, however deep), of Identity Center
 * (`roleCredentials`), credential_process and container JSON, any spelling of their fields; assignments in the syntax of any shell; an
 * INI section. Banners, log lines, colours, byte-order marks and CR LF around them are passed over. Nothing is ever evaluated.
 * @param options.section the INI section to take, if there are several
 * @throws CredentialError INVALID_OUTPUT naming what is missing or ambiguous; it shows shapes and key names, never values
 */
export function parseAnyCredentials(output: string, options: { readonly section?: string | undefined } = {}): ParsedOutput {
  if (output.length > LONGEST_OUTPUT) throw invalidOutput("the output is longer than 4 MiB");
  const text = withoutTerminalCodes(output).replaceAll("\ufeff", "");
  if (text.trim() === "") throw invalidOutput("the output is empty");

  const objects = jsonObjectsIn(text);
  const inJson = objects.flatMap((object) => jsonCandidates(object));
  const candidates = [...inJson, ...textCandidates(text, options.section, inJson.some(isWhole))];
  const whole = candidates.filter(isWhole);
  // One that is not whole gives the best message, if there is no other.
  const found = (whole.length > 0 ? whole : candidates.slice(0, 1)).map(({ shape, fields, spelling }): ParsedOutput => ({
    shape,
    identity: identityFrom(fields, spelling),
  }));
  const first = found[0];
  if (first === undefined) throw nothingFound(text, objects);
  if (found.some(({ identity }) => !sameKeys(identity, first.identity)))
    throw invalidOutput("the output holds several different credentials", "Have it print one set of credentials only.");
  return found.find(({ identity }) => identity.expiration !== undefined) ?? first;
}

function isWhole({ fields }: Candidate): boolean {
  return fields.accessKeyId !== undefined && fields.secretAccessKey !== undefined;
}

/** @param forgiving the credentials are known already: what cannot be read beside them was not meant to be read */
function textCandidates(text: string, section: string | undefined, forgiving: boolean): Candidate[] {
  const readers: (() => Candidate | undefined)[] = [
    () => {
      const fields = variablesIn(text);
      return hasKey(fields) ? { shape: "environment", fields, spelling: VARIABLE_SPELLING } : undefined;
    },
    () => {
      const chosen = chooseSection(iniSections(text), section);
      return chosen && { shape: "ini", fields: chosen.fields, spelling: INI_SPELLING };
    },
  ];
  return readers.flatMap((read) => {
    try {
      return read() ?? [];
    } catch (error) {
      if (forgiving && isCredentialError(error)) return [];
      throw error;
    }
  });
}

/** Credentials in an object or in any object within it; one that has a key of its own is not looked into any further. */
function jsonCandidates(object: JsonObject, under = "", depth = 0): Candidate[] {
  const fields = namesKey(Object.keys(object)) ? fieldsAmong(Object.entries(object), "the JSON") : {};
  if (hasKey(fields)) return [{ shape: shapeOf(object, under), fields, spelling: spellingOf(object) }];
  if (depth >= DEEPEST) return [];
  return Object.entries(object).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).filter(isObject).flatMap((inner) => jsonCandidates(inner, name, depth + 1)),
  );
}

function shapeOf(object: JsonObject, under: string): OutputShape {
  const { Version: version } = object;
  if (version !== undefined) {
    if (version !== 1 && version !== "1")
      throw invalidOutput("Version is not 1, the only version of credential_process output");
    return "credential_process";
  }
  if (under.toLowerCase() === "credentials") return "sts";
  if (under.toLowerCase() === "rolecredentials") return "sso";
  return "Token" in object ? "container" : "json";
}

function spellingOf(object: JsonObject): Spelling {
  if ("Token" in object) return { ...PASCAL, sessionToken: "Token" };
  const names = Object.keys(object);
  if (names.some((name) => name.startsWith("AWS_"))) return VARIABLE_SPELLING;
  return names.some((name) => /^(?:access|secret)/.test(name)) ? CAMEL : PASCAL;
}

function sameKeys(a: AwsCredentialIdentity, b: AwsCredentialIdentity): boolean {
  return a.accessKeyId === b.accessKeyId && a.secretAccessKey === b.secretAccessKey && a.sessionToken === b.sessionToken;
}

function nothingFound(text: string, objects: readonly JsonObject[]): Error {
  const [object] = objects;
  if (object !== undefined) return invalidOutput(`the output is a JSON object without credentials${keysOf(object)}`);
  const start = text.trimStart();
  if (start.startsWith("{")) return invalidOutput("the output begins like JSON but is no valid JSON");
  if (start.startsWith("<")) return invalidOutput("the output is XML or HTML, not credentials");
  return invalidOutput("the output holds no credentials in any known form (JSON, assignments, INI section)");
}
