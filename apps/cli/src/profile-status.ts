import {
  isFreshEnough,
  isUsable,
  maskedAccessKeyId,
  type SessionState,
  type StoredCredentials,
  type Target,
} from "@keyspring/core";
import type { ProfileSelection } from "@keyspring/host";
import { explained } from "./present/error.ts";
import type { Services } from "./services.ts";

/** What is known of one profile without asking anybody. */
export interface ProfileStatus {
  readonly profile: string;
  readonly source?: string;
  readonly organization?: string;
  readonly account?: string;
  readonly role?: string;
  readonly credentials: {
    readonly state: "fresh" | "expiring" | "expired" | "absent";
    /** ISO 8601. */
    readonly expiration?: string;
    readonly secondsLeft?: number;
    readonly accessKeyId?: string;
  };
  /** Where the next request would be answered from. */
  readonly from: "store" | "source" | "nowhere";
  readonly session?: { readonly state: "active" | "renewable" | "ended"; readonly expiration?: string };
  readonly lastError?: { readonly at: string; readonly code: string; readonly message: string; readonly remedy?: string };
}

/** A profile that cannot be used as it is configured. */
export function brokenProfile({ platform }: Services, base: Pick<ProfileStatus, "profile">, error: unknown): ProfileStatus {
  const { code, message, remedy } = explained(error);
  const at = new Date(platform.clock.now()).toISOString();
  return {
    ...base,
    credentials: { state: "absent" },
    from: "nowhere",
    lastError: { at, code, message, ...(remedy ? { remedy } : {}) },
  };
}

/** The profile as it stands: files are read, nobody is asked. */
export async function statusOf(services: Services, selection: ProfileSelection): Promise<ProfileStatus> {
  const { targets, platform, errors } = services;
  const lastError = await errors.last(selection.name);
  const option = (name: string): string | undefined => {
    const value = selection.options[name];
    return typeof value === "string" ? value : undefined;
  };
  const base = {
    profile: selection.name,
    source: selection.source,
    ...(selection.organization === undefined ? {} : { organization: selection.organization }),
    ...(option("role_name") === undefined ? {} : { role: option("role_name")! }),
    ...(lastError === undefined ? {} : { lastError: { ...lastError, at: new Date(lastError.at).toISOString() } }),
  };
  let target: Target;
  let session: SessionState | undefined;
  try {
    target = await targets.of(selection);
    session = await target.source.session?.();
  } catch (error) {
    return brokenProfile(services, base, error);
  }
  const entry = await services.store.read(target.key);
  const account = option("account_id") ?? entry?.identity.accountId;
  return {
    ...base,
    ...(account === undefined ? {} : { account }),
    credentials: credentialsOf(entry, platform.clock.now()),
    from: entry !== undefined && isFreshEnough(entry.identity, entry.obtainedAt, platform.clock.now()) ? "store" : "source",
    ...(session === undefined
      ? {}
      : {
          session: {
            state: session.state,
            ...(session.expiration === undefined ? {} : { expiration: session.expiration.toISOString() }),
          },
        }),
  };
}

function credentialsOf(entry: StoredCredentials | undefined, now: number): ProfileStatus["credentials"] {
  if (entry === undefined) return { state: "absent" };
  const { identity, obtainedAt } = entry;
  const state = isFreshEnough(identity, obtainedAt, now) ? "fresh" : isUsable(identity, now) ? "expiring" : "expired";
  const { expiration } = identity;
  const end =
    expiration === undefined
      ? {}
      : { expiration: expiration.toISOString(), secondsLeft: Math.max(0, Math.floor((expiration.getTime() - now) / 1000)) };
  return { state, ...end, accessKeyId: maskedAccessKeyId(identity.accessKeyId) };
}
