import type { CredentialOrigin } from "./request-log.ts";
import { newAccessKeyId, newSecretAccessKey, newSessionToken } from "./secrets.ts";
import type { World } from "./world.ts";

/** Who a request comes from. */
export interface Principal {
  readonly accountId: string;
  readonly arn: string;
  readonly userId: string;
  /** IAM actions refused to it, e.g. `bedrock:*`. */
  readonly denied: readonly string[];
}

/**
 * How AWS answers after a revocation: `access-denied` is what "Revoke active sessions" does (a deny policy on older tokens; STS still
 * says who you are), `unrecognized` a deleted key or user, `expired` a token whose time is up.
 */
export type Revocation = "access-denied" | "expired" | "unrecognized";

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Absent for long-term keys. */
  readonly sessionToken?: string;
  readonly principal: Principal;
  readonly origin: CredentialOrigin;
  /** When it is refused, on the clock's `now()` line; absent for long-term keys. */
  readonly expiresAt?: number;
  /** The role it belongs to, for selective revocation. */
  readonly roleName?: string;
  /** The Identity Center user it was given to. */
  readonly userName?: string;
  /** A device's code was checked when it was given. */
  readonly mfaPresent?: boolean;
  revoked: Revocation | undefined;
}

export interface IamUser {
  readonly accountId: string;
  readonly userName: string;
  readonly denied: readonly string[];
  /** Its virtual MFA device, if it has one. */
  readonly mfa?: { readonly serialNumber: string; readonly seed: string; lastCode: string | undefined };
}

/** An IAM role that `AssumeRole*` may give, with the conditions of its trust policy. */
export interface IamRole {
  readonly accountId: string;
  readonly roleName: string;
  readonly uniqueId: string;
  /** ARNs of users and roles, account ids, or `*`. */
  readonly trusted: readonly string[];
  readonly externalId?: string;
  readonly requireMfa: boolean;
  /** Audience that web identity tokens must carry; the role takes none when absent. */
  readonly webIdentityAudience?: string;
  /** Seconds. */
  readonly maxSessionDuration: number;
  readonly denied: readonly string[];
}

export interface IamState {
  /** By access key id. */
  readonly keys: Map<string, AccessKey>;
  readonly users: IamUser[];
  readonly roles: IamRole[];
  /** Long-term Bedrock API keys. */
  readonly bearerTokens: Map<string, Principal>;
}

export function createIamState(): IamState {
  return { keys: new Map(), users: [], roles: [], bearerTokens: new Map() };
}

export interface TemporaryKeyRequest {
  readonly principal: Principal;
  readonly origin: CredentialOrigin;
  /** Milliseconds that it claims to live. */
  readonly lifetime: number;
  /** Milliseconds after which it is refused; `lifetime` when absent. */
  readonly enforcedLifetime?: number | undefined;
  readonly roleName?: string;
  readonly userName?: string;
  readonly mfaPresent?: boolean;
}

export interface TemporaryKey extends AccessKey {
  readonly sessionToken: string;
  /** What clients are told, milliseconds since the epoch, whole seconds as AWS gives them. */
  readonly claimedExpiration: number;
}

export function issueTemporaryKey(world: World, request: TemporaryKeyRequest): TemporaryKey {
  const { lifetime, enforcedLifetime = lifetime, ...rest } = request;
  const key: TemporaryKey = {
    ...rest,
    accessKeyId: newAccessKeyId("temporary"),
    secretAccessKey: world.secrets.issue("secret-access-key", newSecretAccessKey()),
    sessionToken: world.secrets.issue("session-token", newSessionToken()),
    expiresAt: world.clock.now() + enforcedLifetime,
    claimedExpiration: Math.floor((world.clock.wall() + lifetime) / 1000) * 1000,
    revoked: undefined,
  };
  world.iam.keys.set(key.accessKeyId, key);
  return key;
}

export function issueLongTermKey(world: World, principal: Principal): AccessKey {
  const key: AccessKey = {
    accessKeyId: newAccessKeyId("long-term"),
    secretAccessKey: world.secrets.issue("secret-access-key", newSecretAccessKey()),
    principal,
    origin: "iam-user",
    revoked: undefined,
  };
  world.iam.keys.set(key.accessKeyId, key);
  return key;
}

export function isDenied(principal: Principal, action: string): boolean {
  return principal.denied.some((pattern) => {
    const expression = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${expression.join(".*")}$`, "i").test(action);
  });
}
