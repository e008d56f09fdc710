/**
 * Credentials that no AWS account ever issued, for `export --guard`. When Claude Code's export command fails, Claude Code goes on with
 * whatever identity the machine has; with these, AWS refuses every request, and Claude Code asks again before each retry, so that a
 * sign-in elsewhere is picked up at once.
 */
export const REFUSED = {
  AccessKeyId: "ASIAKEYSPRINGNOTREAL",
  SecretAccessKey: "Keyspring-has-no-credentials-right-now",
  SessionToken: "Keyspring-has-no-credentials-right-now",
} as const;

/** Claude Code keeps credentials until five minutes before their end if they have more than six. */
const SHORTEST_KEPT = 365_000;
const HOUR = 3_600_000;

/** What the terminal interface gets: it asks again before each retry. */
export function refusedLine(now: number): string {
  return printed({ ...REFUSED, Expiration: new Date(now + HOUR).toISOString() });
}

/**
 * What `claude -p` gets: a token that no HTTP header can carry, so that its client fails within a second, before anything is sent,
 * instead of retrying for four minutes while nobody is there to sign in.
 */
export function unsendableLine(now: number): string {
  return printed({
    ...REFUSED,
    SessionToken: "✗ Keyspring has no credentials right now",
    Expiration: new Date(now + SHORTEST_KEPT).toISOString(),
  });
}

/** The same for a `credential_process`. */
export function refusedProcessLine(now: number): string {
  return JSON.stringify({ Version: 1, ...REFUSED, Expiration: new Date(now + HOUR).toISOString() });
}

/** What the shell prints if Keyspring itself cannot run any more (uninstalled, killed). */
export const FALLBACK_LINE: string = printed({ ...REFUSED, Expiration: "2035-01-01T00:00:00Z" });
/** The same for `claude -p`. */
export const UNSENDABLE_FALLBACK_LINE: string = printed({ ...REFUSED, SessionToken: "✗", Expiration: "2035-01-01T00:00:00Z" });

function printed(credentials: Readonly<Record<string, string>>): string {
  return JSON.stringify({ Credentials: credentials });
}
