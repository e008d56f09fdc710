import { CredentialError, type Platform, shellWord } from "@keyspring/core";
import type { AwsConfig } from "../aws/aws-config.ts";
import type { Config } from "../config/config.ts";
import type { ChosenBy } from "./profile-selection.ts";

/** Messages list no more names than this. */
const MOST_NAMES = 12;

/**
 * The name of the profile: `--profile`, `KEYSPRING_PROFILE`, `default_profile`, the only one in config.toml, else `AWS_PROFILE` if that
 * is a profile of `~/.aws/config`.
 * @throws CredentialError NOT_CONFIGURED if none of these says anything
 */
export function chooseName(
  platform: Platform,
  config: Config,
  aws: AwsConfig,
  flag: string | undefined,
): { name: string; chosenBy: ChosenBy } {
  const { KEYSPRING_PROFILE: fromEnvironment, AWS_PROFILE: awsProfile } = platform.env;
  if (flag !== undefined) return { name: flag, chosenBy: "flag" };
  if (fromEnvironment !== undefined && fromEnvironment !== "") return { name: fromEnvironment, chosenBy: "environment" };
  if (config.defaultProfile !== undefined) return { name: config.defaultProfile, chosenBy: "default" };
  const [only, ...others] = config.profiles.keys();
  if (only !== undefined && others.length === 0) return { name: only, chosenBy: "only" };
  if (awsProfile !== undefined && aws.profiles.has(awsProfile)) return { name: awsProfile, chosenBy: "aws-profile" };
  throw aws.problems[0] ?? noneChosen(config, aws, awsProfile);
}

function noneChosen(config: Config, aws: AwsConfig, awsProfile: string | undefined): CredentialError {
  const own = [...config.profiles.keys()];
  const names = own.length > 0 ? own : [...aws.profiles.keys()];
  // Whoever set it believes to have named one.
  const named = (awsProfile ?? "") === "" ? undefined : JSON.stringify(awsProfile!.slice(0, 100));
  const strange = named === undefined ? "" : `; AWS_PROFILE says ${named}, which is none of them`;
  if (names.length === 0)
    return new CredentialError("NOT_CONFIGURED", `there is no profile: neither ${config.file} nor ${aws.configFile} has one`, {
      remedy: `Write [profiles.NAME] into ${config.file}, or run: aws configure sso`,
    });
  return new CredentialError("NOT_CONFIGURED", `no profile was named; there are ${listed(names)}${strange}`, {
    remedy:
      own.length > 0
        ? `Add --profile ${names[0]}, set KEYSPRING_PROFILE, or write default_profile = "${names[0]}" into ${config.file}.`
        : `Add --profile ${shellWord(names[0]!)}, or set KEYSPRING_PROFILE.`,
  });
}

export function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
