/** Control operations for identities beside Identity Center. Times are milliseconds unless said. */
export interface IamControl {
  /** A user with long-term keys: "other people's credentials" in environments and files. */
  createIamUser(input: IamUserInput): Promise<IamUserKeys>;
  /** A role for `AssumeRole` and `AssumeRoleWithWebIdentity`. */
  createIamRole(input: IamRoleInput): Promise<{ readonly arn: string }>;
  /** What the user's MFA device shows now. */
  mfaCode(input: { readonly serialNumber: string }): Promise<{ readonly code: string }>;
  /** A signed token of the simulator's own OpenID provider; a `lifetime` (1 h) below 0 makes one that is dead. */
  createWebIdentityToken(input: {
    readonly subject: string;
    readonly audience: string;
    readonly lifetime?: number;
  }): Promise<{ readonly token: string; readonly issuer: string }>;
  /** A long-term Bedrock API key, for `AWS_BEARER_TOKEN_BEDROCK`. */
  createBedrockApiKey(input: {
    readonly accountId: string;
    readonly userName: string;
    readonly denied?: readonly string[];
  }): Promise<{ readonly token: string }>;
  /** Lets a metadata service or a container endpoint hand out a role's credentials. @returns the variables that lead to it */
  offerCredentials(input: OfferInput): Promise<{ readonly environment: Readonly<Record<string, string>> }>;
}

export interface IamUserInput {
  readonly accountId: string;
  readonly userName: string;
  /** IAM actions refused to it, e.g. `bedrock:*`. */
  readonly denied?: readonly string[];
  /** Gives it a virtual MFA device. */
  readonly mfa?: boolean;
}

export interface IamUserKeys {
  readonly arn: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly mfaSerialNumber?: string;
}

export interface IamRoleInput {
  readonly accountId: string;
  readonly roleName: string;
  /** ARNs of users and roles, account ids, or `*`; the role's own account when absent. */
  readonly trusted?: readonly string[];
  readonly externalId?: string;
  readonly requireMfa?: boolean;
  /** Audience of the web identity tokens that it takes; none when absent. */
  readonly webIdentityAudience?: string;
  /** Seconds; 3600 when absent. */
  readonly maxSessionDuration?: number;
  readonly denied?: readonly string[];
}

export interface OfferInput {
  readonly by: "instance" | "container";
  readonly accountId: string;
  readonly roleName: string;
  /** 1 h when absent. */
  readonly lifetime?: number;
  readonly denied?: readonly string[];
}
