/** Every way a request for credentials can fail. Codes are for programs and cross processes; words are for people. */
export const ERROR_CATALOGUE = {
  NOT_CONFIGURED: { exitCode: 2, userFixable: true, summary: "No source is configured for this" },
  INVALID_CONFIGURATION: { exitCode: 2, userFixable: true, summary: "The configuration says something that cannot be done" },
  USAGE: { exitCode: 2, userFixable: true, summary: "The command line is wrong" },
  SIGN_IN_REQUIRED: { exitCode: 3, userFixable: true, summary: "A person has to sign in" },
  POLICY_DENIED: { exitCode: 4, userFixable: true, summary: "The administrator's policy does not allow it" },
  SOURCE_FAILED: { exitCode: 5, userFixable: true, summary: "The source could not give credentials" },
  INVALID_OUTPUT: { exitCode: 5, userFixable: true, summary: "The source gave something that is no credentials" },
  PLUGIN_INCOMPATIBLE: { exitCode: 5, userFixable: true, summary: "The plugin was made for another version of Keyspring" },
  TIMED_OUT: { exitCode: 6, userFixable: true, summary: "It took too long" },
  NETWORK: { exitCode: 7, userFixable: true, summary: "The network could not be reached" },
  CANCELLED: { exitCode: 130, userFixable: false, summary: "It was interrupted" },
  INTERNAL: { exitCode: 1, userFixable: false, summary: "A defect in Keyspring" },
} as const;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;
export type UserFixableCode = {
  [C in ErrorCode]: (typeof ERROR_CATALOGUE)[C]["userFixable"] extends true ? C : never;
}[ErrorCode];

/** Survives realms, bundles and copies of this package, where `instanceof` does not. */
const BRAND = "keyspring.CredentialError";

/**
 * A failure with its remedy. `message` is one line that says what is wrong; `remedy` one line that says what to do, with the command
 * to type where there is one. Neither ever holds a secret.
 */
export class CredentialError extends Error {
  readonly brand: typeof BRAND = BRAND;
  readonly code: ErrorCode;
  readonly remedy: string | undefined;

  constructor(code: UserFixableCode, message: string, options: { remedy: string; cause?: unknown });
  constructor(code: ErrorCode, message: string, options?: { remedy?: string; cause?: unknown });
  constructor(code: ErrorCode, message: string, options: { remedy?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "CredentialError";
    this.code = code;
    this.remedy = options.remedy;
  }
}

export function isCredentialError(error: unknown): error is CredentialError {
  return error instanceof Error && (error as Partial<CredentialError>).brand === BRAND;
}

export function exitCodeOf(error: unknown): number {
  return isCredentialError(error) ? ERROR_CATALOGUE[error.code].exitCode : ERROR_CATALOGUE.INTERNAL.exitCode;
}

/** The source could not give credentials and nobody can be asked. `remedy` says what would help. */
export function sourceFailed(
  message: string,
  remedy = "Run `keyspring status` for the details, then try again.",
  cause?: unknown,
): CredentialError {
  return new CredentialError("SOURCE_FAILED", message, { remedy, cause });
}

/** Only a person can help. */
export function signInRequired(profile: string, message: string, cause?: unknown): CredentialError {
  return new CredentialError("SIGN_IN_REQUIRED", message, {
    remedy: `Run: keyspring login --profile ${shellWord(profile)}`,
    cause,
  });
}

/** The word as a person can paste it into a shell. AWS profiles may have blanks in their names. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

export function invalidConfiguration(message: string, remedy: string, cause?: unknown): CredentialError {
  return new CredentialError("INVALID_CONFIGURATION", message, { remedy, cause });
}
