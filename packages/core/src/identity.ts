/**
 * AWS credentials, in the words of the AWS SDKs. Assignable both ways with `AwsCredentialIdentity` of `@smithy/types`,
 * so any provider of `@aws-sdk/credential-providers` is a source in a line.
 */
export interface AwsCredentialIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** When AWS stops accepting them; absent for long-term keys. */
  readonly expiration?: Date;
  readonly credentialScope?: string;
  /** 12 digits. */
  readonly accountId?: string;
}

/** Milliseconds until AWS stops accepting them; `Infinity` for long-term keys. */
export function remainingLife(identity: AwsCredentialIdentity, now: number): number {
  return identity.expiration === undefined ? Number.POSITIVE_INFINITY : identity.expiration.getTime() - now;
}

/** What may be shown of credentials: the key's kind and its last four letters. */
export function maskedAccessKeyId(accessKeyId: string): string {
  return accessKeyId.length <= 8 ? "****" : `${accessKeyId.slice(0, 4)}…${accessKeyId.slice(-4)}`;
}

/**
 * The same credentials, but printing or serialising them by accident shows no secret: `console.log`, `util.inspect`, `String()` and
 * `JSON.stringify` give a masked form. The fields themselves stay readable.
 */
export function protectedIdentity(identity: AwsCredentialIdentity): AwsCredentialIdentity {
  const shown = (): string => `AwsCredentialIdentity(${maskedAccessKeyId(identity.accessKeyId)})`;
  const hidden = { enumerable: false, value: shown };
  return Object.defineProperties(
    { ...identity },
    {
      toString: hidden,
      toJSON: hidden,
      [Symbol.for("nodejs.util.inspect.custom")]: hidden,
    },
  );
}
