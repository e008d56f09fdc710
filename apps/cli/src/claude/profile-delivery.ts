import { commandFor, settingsRecords, type DesiredSettings } from "@keyspring/claude-code";
import { invalidConfiguration } from "@keyspring/core";
import { applyProfileBlock, planProfileBlock, planProfileBlockRemoval, type ProfileSelection } from "@keyspring/host";
import type { CommandInput } from "../command.ts";
import { findingNotes } from "../present/settings.ts";
import type { Services } from "../services.ts";
import { linesForProfile } from "./lines-for-profile.ts";
import type { Wanted } from "./wanted.ts";

/** AWS's own rule for what every SDK on every system reads alike in a `credential_process`. */
const READABLE = /^[\w ./:\\-]+$/;

/** What both of these and the header of a section can name: the SDK for JavaScript passes over a header with a blank. */
const NAMEABLE = /^[\w./:-]+$/;

/** The profile of `~/.aws/config` through which a profile is delivered. */
export const awsProfileFor = (profile: string): string => `keyspring-${profile}`;

/** Through a profile of `~/.aws/config`: for teams that want Claude's own AWS commands to use the same identity. */
export async function desiredForAwsProfile(
  services: Services,
  input: CommandInput,
  selection: ProfileSelection,
): Promise<Wanted> {
  const { platform, folders } = services;
  const name = awsProfileFor(selection.name);
  if (!NAMEABLE.test(selection.name))
    throw invalidConfiguration(
      `AWS SDKs find no profile of ~/.aws/config whose name is like ${JSON.stringify(selection.name)}`,
      "Rename the profile with letters, digits and . _ : / - only, or use --delivery export.",
    );
  const lines = await linesForProfile(services, input, selection);
  const { awsCredentialExport: _, env, ...others } = lines.settings;
  const settings: DesiredSettings = {
    ...others,
    // Without the second the SDK asks the machine's own identity when the process fails for good.
    env: { ...env, AWS_PROFILE: name, AWS_EC2_METADATA_DISABLED: "true" },
  };
  const region = env?.["AWS_REGION"];
  const values = {
    credential_process: await processLine(services, selection.name),
    ...(region === undefined ? {} : { region }),
  };
  const plan = await planProfileBlock(platform, { name, values });
  return {
    settings,
    profile: selection.name,
    notes: [
      `Every command that Claude runs will use AWS_PROFILE=${name} too.`,
      ...(plan.changed ? [`${plan.file} gets [profile ${name}] with credential_process = ${values.credential_process}`] : []),
      ...findingNotes(lines.findings),
    ],
    prepare: async () => applyProfileBlock(platform, folders, plan),
  };
}

/** Takes the profile out of `~/.aws/config`, unless settings applied elsewhere still use it. Resolves to the file if it changed. */
export async function removeAwsProfile(services: Services, profile: string): Promise<string | undefined> {
  const { platform, folders } = services;
  const name = awsProfileFor(profile);
  const records = await settingsRecords(platform, folders.state);
  const isUsed = records.some(({ entries }) =>
    entries.some(({ path, value }) => path.join(".") === "env.AWS_PROFILE" && value === name),
  );
  if (isUsed) return undefined;
  const plan = await planProfileBlockRemoval(platform, name);
  await applyProfileBlock(platform, folders, plan);
  return plan.changed ? plan.file : undefined;
}

async function processLine({ platform }: Services, profile: string): Promise<string> {
  const { argv } = await commandFor(platform, ["process", "--guard", "--profile", profile]);
  const odd = argv.find((word) => !READABLE.test(word));
  if (odd !== undefined)
    throw invalidConfiguration(
      `a credential_process cannot name ${odd}: AWS SDKs read only letters, digits, space and . _ - / there`,
      "Install Keyspring under a plain path, or use --delivery export.",
    );
  return argv.map((word) => (word.includes(" ") ? `"${word}"` : word)).join(" ");
}
