import * as fc from "fast-check";

export interface OddDocument {
  readonly text: string;
  readonly value: Record<string, unknown>;
}

/** JSON objects as people and programs really write them: any white space anywhere, any line end, any escapes, nested values. */
export function oddJson(extra: Record<string, fc.Arbitrary<unknown>> = {}): fc.Arbitrary<OddDocument> {
  const name = fc.string({ maxLength: 8 }).filter((text) => text !== "__proto__" && !["env", "hooks"].includes(text));
  const document = fc
    .tuple(
      fc.dictionary(name, fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>, { maxKeys: 5 }),
      fc.record(extra, { requiredKeys: [] }),
    )
    // Through JSON, so that what has no text of its own (-0) is gone before anything is compared.
    .map(([any, known]) => JSON.parse(JSON.stringify({ ...any, ...known })) as Record<string, unknown>);
  return fc
    .tuple(document, fc.array(space(), { minLength: 1, maxLength: 40 }), fc.boolean())
    .map(([value, spaces, escape]) => ({ value, text: written(value, spaces, escape) }));
}

function space(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom("", " ", "\n", "\n  ", "\r\n\t") },
    { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(" ", "\t", "\n", "\r", "\r\n"), maxLength: 4 }) },
  );
}

/** The same value with the given spaces strewn between its tokens, round and round. */
function written(value: unknown, spaces: readonly string[], escape: boolean): string {
  let next = 0;
  const gap = (): string => spaces[next++ % spaces.length]!;
  const text = (string: string): string =>
    escape
      ? JSON.stringify(string).replace(/[a-f]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`)
      : JSON.stringify(string);
  const write = (part: unknown): string => {
    if (typeof part === "string") return plain(part) ? text(part) : JSON.stringify(part);
    if (typeof part !== "object" || part === null) return JSON.stringify(part);
    const isArray = Array.isArray(part);
    const members = isArray
      ? part.map((item) => gap() + write(item) + gap())
      : Object.entries(part).map(
          ([name, item]) => `${gap()}${plain(name) ? text(name) : JSON.stringify(name)}${gap()}:${gap()}${write(item)}${gap()}`,
        );
    const body = members.length === 0 ? gap() : members.join(",");
    return isArray ? `[${body}]` : `{${body}}`;
  };
  return gap() + write(value) + gap();
}

/** Escaping letters is only safe where the JSON text holds no escapes of its own. */
function plain(string: string): boolean {
  return JSON.stringify(string) === `"${string}"`;
}
