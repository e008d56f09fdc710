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
  /** Who signs in; the organization's first user when absent. */
  readonly userName?: string;
  /** Milliseconds from the beginning of the sign-in. */
  readonly delay?: number;
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
