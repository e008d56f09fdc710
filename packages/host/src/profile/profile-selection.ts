import type { ClaudeDefaults } from "../config/config.ts";

/** A profile with everything that configuration says about it: what a source is made of. */
export interface ProfileSelection {
  readonly name: string;
  readonly chosenBy: ChosenBy;
  readonly organization?: string;
  /** A built-in id, or the exact package name of a plugin. */
  readonly source: string;
  /** Options of the organization, over them those of the profile. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The region of the workload. */
  readonly region?: string;
  readonly claude: ClaudeDefaults;
  readonly description?: string;
  /** Who set what, for `explain`: `source`, `region`, and `options.<name>` of every option. */
  readonly origins: Readonly<Record<string, Origin>>;
  /** What other tools read differently, or what was decided between contradicting keys. One line each. */
  readonly warnings: readonly string[];
}

/** `only`: there is exactly one. `aws-profile`: AWS_PROFILE names it. */
export type ChosenBy = "flag" | "environment" | "default" | "only" | "aws-profile";

export interface Origin {
  readonly file: string;
  readonly line?: number;
  readonly layer: "organization" | "profile" | "aws-profile" | "sso-session";
}
