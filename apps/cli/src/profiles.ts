import type { Platform } from "@keyspring/core";
import {
  loadConfig,
  readAwsConfig,
  selectProfile,
  type AwsConfig,
  type Config,
  type Folders,
  type ProfileSelection,
} from "@keyspring/host";

/** Profiles as configuration names them. Files are read once per run. */
export interface Profiles {
  config(): Promise<Config>;
  awsConfig(): Promise<AwsConfig>;
  /** The profile that a flag, the environment or the default names. */
  select(flag: string | undefined): Promise<ProfileSelection>;
}

export function createProfiles(platform: Platform, folders: Folders): Profiles {
  let config: Promise<Config> | undefined;
  let awsConfig: Promise<AwsConfig> | undefined;
  const profiles: Profiles = {
    config: () => (config ??= loadConfig(platform, folders)),
    awsConfig: () => (awsConfig ??= readAwsConfig(platform)),
    select: async (flag) => selectProfile(platform, await profiles.config(), await profiles.awsConfig(), flag),
  };
  return profiles;
}
