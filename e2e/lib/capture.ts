/** Everything that a test saw of the product, kept to be searched for secrets. */
export interface Captured {
  /** What it was, for the failure's message: `stderr of keyspring login`. */
  readonly what: string;
  readonly text: string;
}

/** Where each secret was found that may not be there. Never repeats the secret itself. */
export function leaks(
  captured: readonly Captured[],
  secrets: readonly { readonly kind: string; readonly value: string }[],
): string[] {
  return secrets.flatMap(({ kind, value }) => {
    const forms = new Set([value, encodeURIComponent(value), Buffer.from(value).toString("base64")]);
    return captured
      .filter(({ text }) => [...forms].some((form) => text.includes(form)))
      .map(({ what }) => `a ${kind} is in ${what}`);
  });
}
