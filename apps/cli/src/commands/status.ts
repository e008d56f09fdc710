import {
  isFreshEnough,
  isUsable,
  maskedAccessKeyId,
  type SessionState,
  type StoredCredentials,
  type Target,
} from "@keyspring/core";
import type { ProfileSelection } from "@keyspring/host";
import { text, type CommandInput } from "../command.ts";
import { explained } from "../present/error.ts";
import { statusTable } from "../present/status.ts";
import type { Services } from "../services.ts";

const WATCH_INTERVAL = 2_000;

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

export async function runStatus(services: Services, input: CommandInput): Promise<number> {
  const { platform, terminal, interrupted } = services;
  const watch = input.options["watch"] === true;
  for (;;) {
    const report = {
      version: services.version,
      folders: { ...services.folders, log: platform.path.join(services.folders.state, "log") },
      profiles: await statuses(services, text(input, "profile")),
    };
    const shown =
      input.options["json"] === true
        ? `${JSON.stringify(report, undefined, watch ? undefined : 2)}\n`
        : statusTable(report, terminal);
    terminal.out(watch && terminal.outIsTerminal ? `\u001B[H\u001B[2J${shown}` : shown);
    if (!watch) return 0;
    await platform.clock.sleep(WATCH_INTERVAL, interrupted);
  }
}

async function statuses(services: Services, flag: string | undefined): Promise<ProfileStatus[]> {
  const { profiles } = services;
  const names = flag === undefined ? [...(await profiles.config()).profiles.keys()] : [];
  // Without a config.toml there may still be a profile of ~/.aws/config that the environment names.
  if (names.length === 0) return [await statusOf(services, await profiles.select(flag))];
  return Promise.all(
    names.map(async (profile) => {
      let selection: ProfileSelection;
      try {
        selection = await profiles.select(profile);
      } catch (error) {
        return broken(services, { profile }, error);
      }
      return statusOf(services, selection);
    }),
  );
}

/** A profile that cannot be used as it is configured. */
function broken({ platform }: Services, base: Pick<ProfileStatus, "profile">, error: unknown): ProfileStatus {
  const { code, message, remedy } = explained(error);
  const at = new Date(platform.clock.now()).toISOString();
  return {
    ...base,
    credentials: { state: "absent" },
    from: "nowhere",
    lastError: { at, code, message, ...(remedy ? { remedy } : {}) },
  };
}

async function statusOf(services: Services, selection: ProfileSelection): Promise<ProfileStatus> {
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
    return broken(services, base, error);
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
