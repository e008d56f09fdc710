import type { SignInPrompt } from "@keyspring/core";
import * as v from "valibot";
import type { DeviceAuthorization } from "./aws/oidc.ts";
import type { SsoParts } from "./parts.ts";
import type { ClientRegistration } from "./token-cache.ts";

/** A device authorization under way. It outlives the process that began it: the next one shows the same code and goes on polling. */
export interface PendingSignIn {
  readonly startUrl: string;
  readonly region: string;
  readonly client: ClientRegistration;
  readonly deviceCode: string;
  readonly userCode: string;
  readonly verificationUri: string;
  readonly verificationUriComplete?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Seconds between two polls. */
  readonly interval: number;
  /** A browser was opened at it. */
  readonly browserOpened: boolean;
  /** Digest of the access token there was before; a different one in the cache means that somebody signed in. */
  readonly before?: string | undefined;
}

const pendingSchema: v.GenericSchema<unknown, PendingSignIn> = v.object({
  startUrl: v.string(),
  region: v.string(),
  client: v.object({ clientId: v.string(), clientSecret: v.string(), expiresAt: v.number() }),
  deviceCode: v.string(),
  userCode: v.string(),
  verificationUri: v.string(),
  verificationUriComplete: v.optional(v.string()),
  expiresAt: v.number(),
  interval: v.number(),
  browserOpened: v.boolean(),
  before: v.optional(v.string()),
});

/** With less left a person who sees the code only now cannot make it. */
const WORTH_RESUMING = 60_000;

export async function readPending({ notes, platform, session }: SsoParts): Promise<PendingSignIn | undefined> {
  const result = v.safeParse(pendingSchema, await notes.read(nameOf(session)).catch(() => undefined));
  if (!result.success) return undefined;
  const { startUrl, region, expiresAt } = result.output;
  const isOurs = startUrl === session.startUrl && region === session.region;
  return isOurs && expiresAt - platform.clock.now() >= WORTH_RESUMING ? result.output : undefined;
}

/** Without the note the sign-in works all the same, it only cannot be resumed. */
export async function writePending({ notes, session, log }: SsoParts, pending: PendingSignIn): Promise<void> {
  await notes.write(nameOf(session), pending).catch((error: unknown) => {
    log.warn("the sign-in under way could not be noted", { code: (error as NodeJS.ErrnoException).code });
  });
}

export async function removePending({ notes, session }: SsoParts): Promise<void> {
  await notes.remove(nameOf(session)).catch(() => undefined);
}

export function pendingOf(
  { platform, session }: SsoParts,
  client: ClientRegistration,
  answer: DeviceAuthorization,
  before: string | undefined,
): PendingSignIn {
  const { deviceCode, userCode, verificationUri, verificationUriComplete, interval } = answer;
  return {
    startUrl: session.startUrl,
    region: session.region,
    client,
    deviceCode,
    userCode,
    verificationUri,
    ...(verificationUriComplete !== undefined && { verificationUriComplete }),
    expiresAt: platform.clock.now() + answer.expiresIn * 1000,
    interval,
    browserOpened: false,
    ...(before !== undefined && { before }),
  };
}

export function promptOf({ verificationUri, verificationUriComplete, userCode, expiresAt }: PendingSignIn): SignInPrompt {
  return {
    url: verificationUri,
    ...(verificationUriComplete !== undefined && { urlComplete: verificationUriComplete }),
    code: userCode,
    expiration: new Date(expiresAt),
  };
}

const nameOf = ({ id }: SsoParts["session"]): string => `sign-in-${id}`;
