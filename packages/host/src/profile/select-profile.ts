import { CredentialError, didYouMean, type Platform, shellWord } from "@keyspring/core";
import type { AwsConfig } from "../aws/aws-config.ts";
import type { Config } from "../config/config.ts";
import { at } from "../config/parse-config.ts";
import { chooseName, listed } from "./choose-name.ts";
import { refuseOwnCommandCycle } from "./cycles.ts";
import { fromAws } from "./from-aws.ts";
import { fromConfig } from "./from-config.ts";
import type { ChosenBy, ProfileSelection } from "./profile-selection.ts";

/**
 * The profile that a command works with, and all that configuration says about it. Profiles of config.toml come first; any other name
 * is looked for in `~/.aws/config`.
 * @throws CredentialError NOT_CONFIGURED (no such profile, or no source for it) or INVALID_CONFIGURATION
 */
export function selectProfile(platform: Platform, config: Config, aws: AwsConfig, flag?: string): ProfileSelection {
  const { name, chosenBy } = chooseName(platform, config, aws, flag);
  const own = config.profiles.get(name);
  if (own !== undefined) return { chosenBy, ...withProblems(fromConfig(name, own, config, aws), aws) };
  const shared = aws.profiles.get(name);
  if (shared === undefined) throw aws.problems[0] ?? unknownProfile(name, chosenBy, config, aws);
  const selection = fromAws(shared, aws);
  if (selection.source === "process") refuseOwnCommandCycle(shared, config, aws);
  return { chosenBy, ...withProblems(selection, aws) };
}

function withProblems<Selection extends Pick<ProfileSelection, "warnings">>(selection: Selection, aws: AwsConfig): Selection {
  return { ...selection, warnings: [...selection.warnings, ...aws.problems.map(({ message }) => message)] };
}

function unknownProfile(name: string, chosenBy: ChosenBy, config: Config, aws: AwsConfig): CredentialError {
  const names = [...new Set([...config.profiles.keys(), ...aws.profiles.keys()])];
  const meant = didYouMean(name, names);
  const whence = {
    flag: "",
    environment: ", which KEYSPRING_PROFILE names",
    default: `, which default_profile names (${at(config.file, config.lineOf("default_profile"))})`,
    only: "",
    "aws-profile": "",
  }[chosenBy];
  const shown = name.length > 100 || /[\p{Cc}\p{Cf}]/u.test(name) ? JSON.stringify(name.slice(0, 100)) : name;
  const remedy =
    meant !== undefined
      ? `Did you mean ${meant}? Add --profile ${shellWord(meant)}`
      : names.length > 0
        ? `Name another with --profile; there are: ${listed(names)}.`
        : `Write [profiles.NAME] into ${config.file}, or run: aws configure sso`;
  // A section whose header is not read takes its profile with it.
  const lost = aws.warnings.find(({ section, message }) => section === undefined || /header has no end/.test(message));
  const where = lost === undefined || meant !== undefined ? "" : ` (${lost.file}:${lost.line}: ${lost.message})`;
  return new CredentialError("NOT_CONFIGURED", `there is no profile ${shown === "" ? '""' : shown}${whence}${where}`, {
    remedy,
  });
}
