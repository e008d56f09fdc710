/** What a control client may change while the simulator runs. Milliseconds unless said. */
export interface Settings {
  /** What role credentials of Identity Center claim as their life. */
  roleLifetime: number;
  /** When the simulator stops accepting them, from their issue; like `roleLifetime` when undefined. */
  enforcedRoleLifetime: number | undefined;
  accessTokenLifetime: number;
  /** Absolute, from the sign-in: no refresh goes past it. */
  sessionLifetime: number;
  deviceCodeLifetime: number;
  /** Seconds between two polls with a device code; quicker ones get `slow_down`. */
  pollInterval: number;
  clientSecretLifetime: number;
  /** How long a consumed refresh token may be used again before that counts as theft; 0 is strict. */
  refreshTokenGrace: number;
  /** Sign-ins are approved without a person. */
  autoApprove: AutoApprove | undefined;
}

export interface AutoApprove {
  /** Who signs in, at organizations that have such a user; each organization's first user when absent. */
  readonly userName?: string;
  /** Milliseconds from the beginning of a device sign-in; a sign-in in the browser is approved at once. */
  readonly delay?: number;
}

/** Who signs in at this organization without a person, if anybody does. */
export function automaticUser(settings: Settings, users: readonly { readonly userName: string }[]): string | undefined {
  const { autoApprove } = settings;
  if (autoApprove === undefined) return undefined;
  return users.find(({ userName }) => userName === (autoApprove.userName ?? userName))?.userName;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** AWS's own defaults, save that polling is quick. */
export const DEFAULT_SETTINGS: Settings = {
  roleLifetime: HOUR,
  enforcedRoleLifetime: undefined,
  accessTokenLifetime: HOUR,
  sessionLifetime: 8 * HOUR,
  deviceCodeLifetime: 10 * MINUTE,
  pollInterval: 1,
  clientSecretLifetime: 90 * 24 * HOUR,
  refreshTokenGrace: 0,
  autoApprove: undefined,
};
