import { CredentialError } from "../errors.ts";

const PRINT_THIS =
  'Have it print {"Version":1,"AccessKeyId":"…","SecretAccessKey":"…","SessionToken":"…","Expiration":"…"} and nothing else.';

/**
 * Something that should have been credentials is none. The message may name fields and shapes, never values: they are secret until
 * proven otherwise.
 */
export function invalidOutput(message: string, remedy: string = PRINT_THIS): CredentialError {
  return new CredentialError("INVALID_OUTPUT", message, { remedy });
}

/** Names fit to be shown: what looks like an identifier, and few of them. */
export function shownNames(names: Iterable<string>): string {
  const fit = [...new Set(names)].filter((name) => /^[A-Za-z_][\w.:-]{0,31}$/.test(name));
  const shown = fit.slice(0, 6).join(", ");
  return fit.length > 6 ? `${shown}, …` : shown;
}
