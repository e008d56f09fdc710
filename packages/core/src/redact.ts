const MASK = "[redacted]";

/**
 * Shapes that are secret wherever they stand. Every repetition is bounded, begins at a boundary or consumes what it scans: text from
 * outside must not be able to make this slow.
 */
const SHAPES: readonly RegExp[] = [
  /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g,
  /\b(?:IQoJ|FwoG|FQoG)[\w+/=%]{40,}/g,
  /\bbedrock-api-key-[\w+/=]{20,}/g,
  /\b(?:gh[oprsu]_|github_pat_|glpat-|xox[abprs]-|sk-ant-)[\w-]{16,}/g,
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g,
  /(?<![\w+/=%-])(?=[\w+/=%-]*[a-z])(?=[\w+/=%-]*[A-Z])(?=[\w+/=%-]*\d)[\w+/=%-]{200,}/g,
];
/** The same where only what follows a lead is secret; the lead stays, so that a message keeps its sense. */
const LED: readonly RegExp[] = [
  /(\bauthorization\\?["']?\s{0,8}[:=]\s{0,8}\\?["']?(?:basic|bearer|negotiate|digest|token|aws4-[\w-]{1,40})\s{1,8})[^\r\n"'\\]+/gi,
  /(\bbearer\s{1,8})[\w.~+/=-]{8,}/gi,
  /(\bcookie\s{0,8}:\s{0,8})[^\r\n]+/gi,
  /([a-z][\w+.-]{1,15}:\/\/[^\s/:@]{0,64}:)[^\s/@]{1,256}(?=@)/gi,
  /([?&](?:code|sig|x-amz-signature)=)[^\s&"'<>]+/gi,
  /(--[\w-]{0,30}(?:password|passphrase|secret|token)[\w-]{0,30}\s{1,8})(?!-)[^\s"']+/gi,
];
const ASSIGNED =
  /((secret|password|passwd|passphrase|token|assertion|samlresponse|authorization|signature)\w{0,40}\\?["']?\s{0,8}[:=]\s{0,8})("[^"\r\n]*"|'[^'\r\n]*'|\\"[^"\r\n]*\\"|["']?[^\s"',;&\\]+)/gi;
/** 40 characters of the secret key's alphabet, with letters of both cases and a digit: an AWS secret access key standing alone. */
const SECRET_KEY = /(?<![\w+/.-])(?=[\w+/]*[a-z])(?=[\w+/]*[A-Z])(?=[\w+/]*\d)[A-Za-z0-9+/]{40}(?![\w+/=-]|\.\w)/g;

export interface Redactor {
  /** Makes `value` unprintable from now on. Short values are ignored: they would redact ordinary words. */
  add(value: string | undefined): void;
  /** The text with every known secret and every secret-shaped part masked. Redact before cutting: half a secret is not recognised. */
  redact(text: string): string;
}

/** One per process: whoever learns a secret adds it, whoever prints text from outside redacts it. */
export function createRedactor(): Redactor {
  const known = new Set<string>();
  return {
    add(value) {
      if (value === undefined || value.length < 8) return;
      const escaped = JSON.stringify(value).slice(1, -1);
      for (const form of [value, percentEncoded(value), escaped, escaped.replaceAll("/", String.raw`\/`)]) known.add(form);
    },
    redact(text) {
      let clean = text;
      for (const secret of [...known].toSorted((a, b) => b.length - a.length)) clean = clean.replaceAll(secret, MASK);
      return withoutSecretShapes(clean);
    },
  };
}

/** The text with every secret-shaped part masked, for whoever knows no secrets. Applied twice it changes nothing more. */
export function withoutSecretShapes(text: string): string {
  let clean = text;
  for (const shape of SHAPES) clean = clean.replace(shape, MASK);
  for (const led of LED) clean = clean.replace(led, `$1${MASK}`);
  clean = clean.replace(ASSIGNED, (whole, lead: string, kind: string, value: string) => {
    const [, open = "", inner = "", close = ""] = /^(\\?["']|)(.*?)(\\?["']|)$/.exec(value) ?? [];
    return isOrdinary(kind, inner) ? whole : `${lead}${open}${MASK}${close}`;
  });
  return clean.replace(SECRET_KEY, MASK);
}

/** `token: expired` is news, not a token; after `password` nothing is ordinary. */
function isOrdinary(kind: string, value: string): boolean {
  if (/^…?$/.test(value) || value.startsWith(MASK)) return true;
  if (/^(?:secret|pass)/i.test(kind)) return false;
  return value.length < 4 || /^[A-Za-z]?[a-z]{0,24}[.!?)]?$/.test(value);
}

function percentEncoded(value: string): string {
  try {
    return encodeURIComponent(value);
  } catch {
    return value; // Half a surrogate pair has no percent-encoding.
  }
}
