import { isDeepStrictEqual } from "node:util";
import { settingsRecords, type SettingsRecord } from "@keyspring/claude-code";
import { CredentialError } from "@keyspring/core";
import { addToConfig, type ConfigProfile } from "@keyspring/host";
import { text, type CommandInput } from "../command.ts";
import { findingNotes } from "../present/settings.ts";
import type { Services } from "../services.ts";
import { linesForProfile } from "./lines-for-profile.ts";
import type { Wanted } from "./wanted.ts";

/** Puts Keyspring in front: a script profile that runs the commands. */
export async function wrappedCommands(
  services: Services,
  input: CommandInput,
  exportCommand: string,
  refreshCommand: string | undefined,
): Promise<Wanted> {
  const { folders, platform, profiles } = services;
  const name = text(input, "profile") ?? profileName(exportCommand);
  const existing = (await profiles.config()).profiles.get(name);
  if (existing !== undefined && (existing.source !== "script" || existing.options["command"] !== exportCommand))
    throw new CredentialError("USAGE", `there is already a profile ${name}, which is something else`, {
      remedy: `Name another one, e.g.: --profile ${name}-2`,
    });
  const records = await settingsRecords(platform, folders.state);
  const isOurs = existing === undefined || records.some((record) => wrote(record, name, existing));
  const description = text(input, "description");
  const awsProfile = text(input, "awsProfile");
  const theirs = isOurs ? undefined : existing;
  const value = {
    ...theirs,
    source: "script",
    ...(description === undefined ? {} : { description }),
    // Shell lines as they were given: Claude Code would have run them by the shell as well.
    options: {
      ...theirs?.options,
      shell: true,
      command: exportCommand,
      ...(refreshCommand === undefined ? {} : { sign_in_command: refreshCommand }),
      ...(awsProfile === undefined ? {} : { env: { ...tableOf(theirs?.options["env"]), AWS_PROFILE: awsProfile } }),
    },
  };
  const { settings, findings } = await linesForProfile(services, input, { name, claude: { env: {} } });
  return {
    settings,
    profile: name,
    ...(isOurs ? { wrapped: { name, value } } : {}),
    notes: [`Keyspring will run ${exportCommand} as the profile ${name}.`, ...findingNotes(findings)],
    prepare: async () => {
      await addToConfig(platform, folders, { profile: { name, value } });
    },
  };
}

/** Takes the profiles out of config.toml that were written for these settings alone. Lines for people say what became of them. */
export async function removeWrapped(services: Services, record: SettingsRecord): Promise<string[]> {
  const { folders, platform, profiles } = services;
  const others = await settingsRecords(platform, folders.state);
  const said: string[] = [];
  for (const { name } of record.wrapped ?? []) {
    const config = await profiles.config();
    const existing = config.profiles.get(name);
    const isUsed = others.some((other) => other.profile === name || other.wrapped?.some((one) => one.name === name));
    if (existing === undefined || isUsed) continue;
    const why = !wrote(record, name, existing)
      ? "somebody changed it since"
      : config.defaultProfile === name
        ? "default_profile names it"
        : undefined;
    if (why === undefined) await addToConfig(platform, folders, { profile: { name, value: undefined } });
    said.push(
      why === undefined
        ? `Its profile ${name} was taken out of ${config.file}`
        : `Its profile ${name} stays in ${config.file}, because ${why}.`,
    );
  }
  return said;
}

/** True if the profile is as an apply wrote it. */
function wrote({ wrapped = [] }: SettingsRecord, name: string, profile: ConfigProfile): boolean {
  return wrapped.some((one) => one.name === name && isDeepStrictEqual(plain(one.value), plain(profile)));
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const tableOf = (value: unknown): object => (typeof value === "object" && value !== null ? value : {});

/** `generate-aws-grant` of `/bin/generate_aws_grant.sh --x`. */
function profileName(command: string): string {
  const program = command.trim().split(/\s+/)[0]!.split(/[/\\]/).at(-1)!;
  const name = program
    .replace(/\.\w+$/, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  return name === "" ? "custom" : name;
}
