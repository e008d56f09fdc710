import type { ActiveFault, Fault } from "../state/faults.ts";
import type { Revocation } from "../state/iam.ts";
import type { LoggedRequest, RequestFilter } from "../state/request-log.ts";
import type { IssuedSecret } from "../state/secrets.ts";
import type { AutoApprove, Settings } from "../state/settings.ts";
import type { RateLimit } from "../state/rate-limits.ts";
import type { IamControl } from "./iam-types.ts";
import type { Organization, OrganizationInput } from "../identity-center/organization.ts";

/**
 * What tests and demos may do to the simulator. Each operation is `POST /_control/<name>` with a JSON object and the header
 * `Authorization: Bearer <control token>`; `simulatorControl` gives them as functions. Times are milliseconds unless said.
 */
export interface SimulatorControl extends SignInControl, IamControl {
  createOrganization(input: OrganizationInput): Promise<Organization>;
  /** Changes the settings that are named; `null` unsets. @returns all of them */
  configure(input: SettingsChange): Promise<Settings>;
  /** Back to the state in which it was started; the list of issued secrets stays. */
  reset(): Promise<void>;

  /** What is there, without secrets. */
  state(): Promise<SimulatorState>;
  /** Every secret it ever issued. */
  secrets(): Promise<readonly IssuedSecret[]>;
  /** Answered requests that match; `outcome: "pending"` finds those under way. */
  requests(filter?: RequestFilter): Promise<readonly LoggedRequest[]>;
  /** Answered requests by `service/operation`. */
  counts(): Promise<Record<string, number>>;
  /** Empties the request log. */
  clearRequests(): Promise<void>;
  /** Resolves with the matching requests once there are `count` (1). Rejects after `timeout` (10 s). */
  waitFor(input: WaitForInput): Promise<readonly LoggedRequest[]>;

  /** The server's clock is wrong by this much; 0 is right. */
  setClockSkew(input: { readonly milliseconds: number }): Promise<void>;
  /** Everything issued so far ages by this much, while Date header and signatures stay with the real clock. */
  advanceClock(input: { readonly milliseconds: number }): Promise<void>;
  addFault(input: Fault): Promise<{ readonly id: number }>;
  /** Without `id`: all. */
  clearFaults(input?: { readonly id?: number }): Promise<void>;
  /** Replaces all limits. */
  setRateLimits(input: { readonly limits: readonly RateLimit[] }): Promise<void>;
}

/** Control operations for people's sign-ins. */
export interface SignInControl {
  /** A finished sign-in, as `aws sso login` would have left it in its token cache. */
  signIn(input?: SignInInput): Promise<SignedIn>;
  /** Role credentials as `GetRoleCredentials` gives them; the user's first assignment when nothing is named. */
  roleCredentials(input?: RoleCredentialsInput): Promise<RoleCredentials>;
  /** Decides a device sign-in by its user code, as the page's buttons do. */
  approve(input: { readonly userCode: string; readonly userName?: string }): Promise<void>;
  deny(input: { readonly userCode: string }): Promise<void>;
  /** Ends the matching living sessions: their access and refresh tokens are dead. @returns how many */
  endSessions(input?: { readonly userName?: string; readonly startUrl?: string }): Promise<{ readonly ended: number }>;
  /** Makes AWS refuse the matching temporary credentials that exist now. @returns how many */
  revokeRoleCredentials(input?: RevokeInput): Promise<{ readonly revoked: number }>;
}

export type SettingsChange = {
  readonly [Name in keyof Omit<Settings, "autoApprove">]?: Settings[Name] | (undefined extends Settings[Name] ? null : never);
} & {
  /** `true`: the first user, at once. */
  readonly autoApprove?: AutoApprove | boolean | null;
};

export interface WaitForInput extends RequestFilter {
  readonly count?: number;
  readonly timeout?: number;
}

export interface SignInInput {
  /** The first organization when absent. */
  readonly startUrl?: string;
  /** Its first user when absent. */
  readonly userName?: string;
}

/** Fields as in `~/.aws/sso/cache/<sha1>.json`. */
export interface SignedIn {
  readonly startUrl: string;
  readonly region: string;
  readonly accessToken: string;
  readonly expiresAt: string;
  readonly refreshToken: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly registrationExpiresAt: string;
}

export interface RoleCredentialsInput extends SignInInput {
  readonly accountId?: string;
  readonly roleName?: string;
}

/** Assignable to the AWS SDKs' `AwsCredentialIdentity`. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** What clients are told; the settings may make it end earlier or later. ISO 8601 on the wire. */
  readonly expiration: Date;
  readonly accountId: string;
}

export interface RevokeInput {
  readonly accessKeyId?: string;
  readonly accountId?: string;
  readonly roleName?: string;
  readonly userName?: string;
  /** How AWS then answers; `access-denied` when absent. */
  readonly as?: Revocation;
}

export interface SimulatorState {
  /** By the server's clock, ISO 8601. */
  readonly time: string;
  readonly settings: Settings;
  readonly organizations: readonly Organization[];
  readonly deviceSignIns: readonly {
    readonly userCode: string;
    readonly startUrl: string;
    readonly clientName: string;
    readonly state: "pending" | "approved" | "denied" | "redeemed" | "expired";
  }[];
  readonly sessions: readonly {
    readonly startUrl: string;
    readonly userName: string;
    readonly expiration: string;
    readonly alive: boolean;
  }[];
  readonly keys: readonly {
    readonly accessKeyId: string;
    readonly principal: string;
    readonly source: string;
    /** When it is refused; absent for long-term keys. */
    readonly expiration?: string;
    readonly revoked?: Revocation;
  }[];
  readonly faults: readonly ActiveFault[];
}

type InputOf<Operation> = Operation extends (...args: infer Args) => unknown
  ? Args extends []
    ? object
    : NonNullable<Args[0]>
  : never;
type OutputOf<Operation> = Operation extends (...args: never[]) => Promise<infer Output> ? Output : never;

export type ControlInput<Name extends keyof SimulatorControl> = InputOf<SimulatorControl[Name]>;

/** The server's side of operations: the same, with the input always there. */
export type HandlersOf<Operations> = {
  readonly [Name in keyof Operations]: (
    input: InputOf<Operations[Name]>,
  ) => OutputOf<Operations[Name]> | Promise<OutputOf<Operations[Name]>>;
};
