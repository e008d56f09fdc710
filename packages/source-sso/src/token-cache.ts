import type { Platform } from "@keyspring/core";
import { formatAwsTime, parseAwsTime } from "./aws-time.ts";
import { fileFailure, readCacheFile, writeCacheFile, type Fields } from "./cache-file.ts";
import type { SsoSession } from "./session.ts";

/** The client that a token was issued to. A refresh token works with no other. */
export interface ClientRegistration {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface SsoToken {
  readonly accessToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly refreshToken?: string;
  readonly client?: ClientRegistration;
}

/** A token as it lies in the cache. */
export interface CachedToken extends SsoToken {
  /** When the file was written, milliseconds since the epoch. */
  readonly writtenAt: number | undefined;
}

type Machine = Pick<Platform, "files" | "clock">;
type TokenFile = Pick<SsoSession, "tokenFile">;

/** Fields that belong to a token; all others in the file belong to somebody else and are kept. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  "accessToken",
  "expiresAt",
  "refreshToken",
  "clientId",
  "clientSecret",
  "registrationExpiresAt",
  "startUrl",
  "region",
]);

/** The session's token, modern or legacy form; `undefined` if nobody is signed in or the file holds no token. */
export async function readToken(platform: Machine, { tokenFile }: TokenFile): Promise<CachedToken | undefined> {
  const fields = await readCacheFile(platform, tokenFile);
  if (fields === undefined) return undefined;
  const accessToken = textOf(fields, "accessToken");
  const expiresAt = parseAwsTime(fields["expiresAt"]);
  if (accessToken === undefined || expiresAt === undefined) return undefined;
  const writtenAt = await platform.files.facts(tokenFile).then(
    (facts) => facts?.modified,
    () => undefined,
  );
  const refreshToken = textOf(fields, "refreshToken");
  const client = clientOf(fields);
  return { accessToken, expiresAt, writtenAt, ...(refreshToken && { refreshToken }), ...(client && { client }) };
}

/** Replaces the token, keeps what else the file holds. */
export async function writeToken(platform: Machine, session: SsoSession, token: SsoToken): Promise<void> {
  const before = Object.entries((await readCacheFile(platform, session.tokenFile)) ?? {});
  const kept = Object.fromEntries(before.filter(([name]) => !OWN_FIELDS.has(name)));
  await writeCacheFile(platform, session.tokenFile, {
    ...kept,
    startUrl: session.startUrl,
    region: session.region,
    accessToken: token.accessToken,
    expiresAt: formatAwsTime(token.expiresAt),
    ...(token.client && {
      clientId: token.client.clientId,
      clientSecret: token.client.clientSecret,
      registrationExpiresAt: formatAwsTime(token.client.expiresAt),
    }),
    ...(token.refreshToken && { refreshToken: token.refreshToken }),
  });
}

export async function removeToken({ files }: Pick<Platform, "files">, { tokenFile }: TokenFile): Promise<void> {
  await files.remove(tokenFile).catch((error: unknown) => {
    throw fileFailure(error, "remove", tokenFile);
  });
}

/** Botocore refuses to refresh without the registration's end, and so do we: a registration that ended cannot redeem anything. */
function clientOf(fields: Fields): ClientRegistration | undefined {
  const clientId = textOf(fields, "clientId");
  const clientSecret = textOf(fields, "clientSecret");
  const expiresAt = parseAwsTime(fields["registrationExpiresAt"]);
  return clientId === undefined || clientSecret === undefined || expiresAt === undefined
    ? undefined
    : { clientId, clientSecret, expiresAt };
}

function textOf(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
