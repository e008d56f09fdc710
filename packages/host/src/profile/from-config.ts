import { didYouMean, invalidConfiguration } from "@keyspring/core";
import type { AwsConfig } from "../aws/aws-config.ts";
import type { Config, ConfigProfile, Organization } from "../config/config.ts";
import { at } from "../config/parse-config.ts";
import type { Origin, ProfileSelection } from "./profile-selection.ts";
import { matchingSession, withSession, type Filled } from "./sso-session.ts";

/** Where a key of one of the two layers stands. */
type Place = (layer: "organization" | "profile", ...key: string[]) => Origin;

/** A profile of config.toml. */
export function fromConfig(
  name: string,
  profile: ConfigProfile,
  config: Config,
  aws: AwsConfig,
): Omit<ProfileSelection, "chosenBy"> {
  const organization = organizationOf(name, profile, config);
  const place: Place = (layer, ...key) => {
    const path = layer === "profile" ? ["profiles", name] : ["organizations", profile.organization!];
    const line = config.lineOf(...path, ...key);
    return { file: config.file, ...(line === undefined ? {} : { line }), layer };
  };
  const source = profile.source ?? organization!.source;
  const merged = merge(profile, organization, place);
  const { options, origins } = source === "sso" ? withSharedSession(merged, aws) : merged;
  const description = profile.description ?? organization?.description;
  return {
    name,
    source,
    options,
    claude: organization?.claude ?? { env: {} },
    origins: {
      source: place(profile.source === undefined ? "organization" : "profile", "source"),
      ...(profile.region === undefined ? {} : { region: place("profile", "region") }),
      ...origins,
    },
    warnings: [],
    ...(profile.organization === undefined ? {} : { organization: profile.organization }),
    ...(profile.region === undefined ? {} : { region: profile.region }),
    ...(description === undefined ? {} : { description }),
  };
}

function organizationOf(name: string, { organization: wanted }: ConfigProfile, config: Config): Organization | undefined {
  if (wanted === undefined) return undefined;
  const organization = config.organizations.get(wanted);
  if (organization !== undefined) return organization;
  const meant = didYouMean(wanted, config.organizations.keys());
  const known = [...config.organizations.keys()].join(", ");
  throw invalidConfiguration(
    `${at(config.file, config.lineOf("profiles", name, "organization"))}: there is no organization ${wanted}, which profile ${name} names`,
    meant !== undefined ? `Did you mean ${meant}?` : known === "" ? `Add [organizations.${wanted}].` : `There are: ${known}.`,
  );
}

function merge(profile: ConfigProfile, organization: Organization | undefined, place: Place): Filled {
  const origins: Record<string, Origin> = {};
  for (const key of Object.keys(organization?.options ?? {})) origins[`options.${key}`] = place("organization", "options", key);
  for (const key of Object.keys(profile.options)) origins[`options.${key}`] = place("profile", "options", key);
  return { options: { ...organization?.options, ...profile.options }, origins };
}

function withSharedSession(filled: Filled, aws: AwsConfig): Filled {
  const { session } = filled.options;
  if (typeof session === "string") {
    const origin = filled.origins["options.session"]!;
    return withSession(filled, session, aws, at(origin.file, origin.line));
  }
  if (session !== undefined) return filled;
  const shared = matchingSession(filled.options, aws);
  const section = shared === undefined ? undefined : aws.ssoSessions.get(shared);
  if (shared === undefined || section === undefined) return filled;
  const { start_url: _, ...options } = filled.options;
  const origins = {
    ...filled.origins,
    "options.session": { file: section.file, line: section.line, layer: "sso-session" } as const,
  };
  // The portal as the sso-session spells it: its letters name the registration that is shared.
  return withSession({ options, origins }, shared, aws, section.file);
}
