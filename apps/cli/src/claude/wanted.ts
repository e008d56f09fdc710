import type { DesiredSettings, WrappedProfile } from "@keyspring/claude-code";

/** What is to be written, and for whom. */
export interface Wanted {
  readonly settings: DesiredSettings;
  /** Carried out just before the settings are written, e.g. to add a profile to config.toml. */
  readonly prepare?: () => Promise<void>;
  readonly profile?: string;
  /** The profile that `prepare` adds to config.toml for these settings alone. */
  readonly wrapped?: WrappedProfile;
  /** Lines for people: what was decided on the way. */
  readonly notes: readonly string[];
}
