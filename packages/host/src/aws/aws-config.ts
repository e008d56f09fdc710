import type { CredentialError } from "@keyspring/core";

/** A key of a section, and where it stands. */
export interface AwsEntry {
  /** Empty for secrets (`aws_secret_access_key`, `aws_session_token`): that they are there is all that is kept. */
  readonly value: string;
  readonly file: string;
  readonly line: number;
  readonly nested?: ReadonlyMap<string, string>;
}

/** A profile, sso-session or services section. Of a profile in both files, credentials wins key by key. */
export interface AwsSection {
  readonly name: string;
  /** Where it stands first. */
  readonly file: string;
  readonly line: number;
  readonly entries: ReadonlyMap<string, AwsEntry>;
}

/** Something that not every SDK reads alike. */
export interface AwsWarning {
  readonly file: string;
  readonly line: number;
  readonly message: string;
  /** The section it is in, as titled. */
  readonly section?: string;
}

/** `~/.aws/config` and `~/.aws/credentials` together. */
export interface AwsConfig {
  readonly configFile: string;
  readonly credentialsFile: string;
  readonly profiles: ReadonlyMap<string, AwsSection>;
  readonly ssoSessions: ReadonlyMap<string, AwsSection>;
  readonly services: ReadonlyMap<string, AwsSection>;
  readonly warnings: readonly AwsWarning[];
  /** Files that are there but could not be read: what they hold is missing here. Whoever needs it throws the first. */
  readonly problems: readonly CredentialError[];
}
