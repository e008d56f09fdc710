const MASK = "[redacted]";

/** Shapes that are secret wherever they stand: session tokens, JWTs, bearer values, `SECRET=…` assignments. */
const SHAPES: readonly RegExp[] = [
  /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g,
  /\b(?:IQoJ|FwoG|FQoG)[\w+/=%]{40,}/g,
  /\bbedrock-api-key-[\w+/=]{20,}/g,
  /(?<=\bBearer\s+)[\w.~+/=-]{8,}/gi,
  /(?<=\b\w*(?:secret|password|passwd|token|assertion|authorization)\w*["']?\s*[:=]\s*["']?)[^\s"',;&]{4,}/gi,
];
/** 40 characters of the secret key's alphabet, with letters of both cases and a digit: an AWS secret access key standing alone. */
const SECRET_KEY = /(?<![\w+/=.-])(?=[\w+/]*[a-z])(?=[\w+/]*[A-Z])(?=[\w+/]*\d)[A-Za-z0-9+/]{40}(?![\w+/=.-])/g;

export interface Redactor {
  /** Makes `value` unprintable from now on. Short values are ignored: they would redact ordinary words. */
  add(value: string | undefined): void;
  /** The text with every known secret and every secret-shaped part masked. */
  redact(text: string): string;
}

/** One per process: whoever learns a secret adds it, whoever prints text from outside redacts it. */
export function createRedactor(): Redactor {
  const known = new Set<string>();
  return {
    add(value) {
      if (value === undefined || value.length < 8) return;
      known.add(value);
      known.add(encodeURIComponent(value));
      known.add(JSON.stringify(value).slice(1, -1));
    },
    redact(text) {
      let clean = text;
      for (const secret of [...known].toSorted((a, b) => b.length - a.length)) clean = clean.replaceAll(secret, MASK);
      for (const shape of SHAPES) clean = clean.replace(shape, MASK);
      return clean.replace(SECRET_KEY, MASK);
    },
  };
}
