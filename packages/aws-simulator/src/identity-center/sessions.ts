import { randomText } from "../state/secrets.ts";
import type { World } from "../state/world.ts";
import type { Organization } from "./organization.ts";
import { GRANT, type Client } from "./register.ts";

/** A person's sign-in at an organization. Its end is fixed when it begins: no refresh and no second sign-in moves it. */
export interface Session {
  readonly id: string;
  readonly organization: Organization;
  readonly userName: string;
  readonly startedAt: number;
  readonly expiresAt: number;
  ended: boolean;
}

/** The tokens of one sign-in of one client. A stolen refresh token kills them all. */
export interface TokenFamily {
  readonly id: string;
  readonly session: Session;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly refreshable: boolean;
  revoked: boolean;
}

export interface AccessToken {
  readonly family: TokenFamily;
  readonly expiresAt: number;
}

export interface RefreshToken {
  readonly family: TokenFamily;
  consumedAt: number | undefined;
}

/** The living session of this user, or a new one: signing in again early inherits the old end, as AWS does. */
export function sessionFor(world: World, organization: Organization, userName: string): Session {
  const now = world.clock.now();
  const { sessions } = world.identityCenter;
  const living = sessions.find(
    (session) => session.organization === organization && session.userName === userName && isAlive(session, now),
  );
  if (living !== undefined) return living;
  const session: Session = {
    id: randomText(12),
    organization,
    userName,
    startedAt: now,
    expiresAt: now + world.settings.sessionLifetime,
    ended: false,
  };
  sessions.push(session);
  return session;
}

export function isAlive(session: Session, now: number): boolean {
  return !session.ended && now < session.expiresAt;
}

/** What a finished sign-in of a client gives: a family without tokens yet, in the user's session. */
export function newFamily(
  world: World,
  client: Client,
  organization: Organization,
  userName: string,
  scopes: readonly string[],
): TokenFamily {
  return {
    id: randomText(9),
    session: sessionFor(world, organization, userName),
    clientId: client.clientId,
    scopes,
    // Clients of the legacy configuration register without scopes and get an access token alone.
    refreshable: scopes.length > 0 && client.grantTypes.includes(GRANT.refreshToken),
    revoked: false,
  };
}

export interface TokenAnswer {
  readonly accessToken: string;
  readonly tokenType: "Bearer";
  /** Seconds. */
  readonly expiresIn: number;
  readonly refreshToken?: string;
}

/** A new access token and, for clients that may refresh, the next refresh token. */
export function issueTokens(world: World, family: TokenFamily): TokenAnswer {
  const now = world.clock.now();
  const expiresAt = Math.min(now + world.settings.accessTokenLifetime, family.session.expiresAt);
  const accessToken = world.secrets.issue("access-token", `aoaAAAAAG${randomText(260)}`);
  world.identityCenter.accessTokens.set(accessToken, { family, expiresAt });
  const answer = { accessToken, tokenType: "Bearer" as const, expiresIn: Math.max(1, Math.floor((expiresAt - now) / 1000)) };
  if (!family.refreshable) return answer;
  const refreshToken = world.secrets.issue("refresh-token", `aorAAAAAG${randomText(260)}`);
  world.identityCenter.refreshTokens.set(refreshToken, { family, consumedAt: undefined });
  return { ...answer, refreshToken };
}

/** The token's family if everything about it is still good. */
export function familyOfAccessToken(world: World, token: string): TokenFamily | undefined {
  const found = world.identityCenter.accessTokens.get(token);
  const now = world.clock.now();
  if (found === undefined || found.family.revoked || now >= found.expiresAt || !isAlive(found.family.session, now))
    return undefined;
  return found.family;
}
