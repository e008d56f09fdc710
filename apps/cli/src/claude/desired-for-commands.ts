import { judgeExportCommand, judgeRefreshCommand, type CommandVerdict, type Finding } from "@keyspring/claude-code";
import { CredentialError, invalidConfiguration } from "@keyspring/core";
import { addToConfig } from "@keyspring/host";
import { text, type CommandInput } from "../command.ts";
import type { Wanted } from "../commands/settings-apply.ts";
import { findingLines } from "../present/settings.ts";
import type { Services } from "../services.ts";
import { linesForProfile } from "./lines-for-profile.ts";

/** Settings for commands that a person wrote: taken only if they would work under Claude Code, or wrapped so that they do. */
export async function desiredForCommands(services: Services, input: CommandInput): Promise<Wanted> {
  const exportCommand = text(input, "credentialExport");
  const refreshCommand = text(input, "authRefresh");
  const { platform } = services;
  const exportVerdict = exportCommand === undefined ? undefined : await judgeExportCommand(platform, exportCommand);
  const refreshVerdict = refreshCommand === undefined ? undefined : await judgeRefreshCommand(platform, refreshCommand);
  for (const verdict of [exportVerdict, refreshVerdict])
    if (verdict !== undefined) services.terminal.err(findingLines(verdict.findings));
  refuse(exportVerdict, "--credential-export");
  refuse(refreshVerdict, "--auth-refresh");

  const needsWrap = exportVerdict?.verdict === "needs-wrap" || refreshVerdict?.verdict === "needs-wrap";
  if (input.options["wrap"] === true && exportCommand !== undefined)
    return wrapped(services, input, exportCommand, refreshCommand);
  if (needsWrap)
    throw invalidConfiguration(
      "the command would not work under Claude Code as it is",
      exportCommand === undefined
        ? "Correct the command."
        : "Say --wrap: Keyspring then runs it and gives Claude Code what it needs.",
    );
  const awsProfile = text(input, "awsProfile");
  const region = text(input, "region");
  const env = {
    CLAUDE_CODE_USE_BEDROCK: "1",
    ...(region && { AWS_REGION: region }),
    ...(awsProfile && { AWS_PROFILE: awsProfile }),
  };
  return {
    settings: {
      ...(exportCommand === undefined ? {} : { awsCredentialExport: exportCommand }),
      ...(refreshCommand === undefined ? {} : { awsAuthRefresh: refreshCommand }),
      env,
    },
    notes: awsProfile === undefined ? [] : [`Every command that Claude runs will use AWS_PROFILE=${awsProfile} too.`],
  };
}

/** Puts Keyspring in front: a script profile that runs the commands. */
async function wrapped(
  services: Services,
  input: CommandInput,
  exportCommand: string,
  refreshCommand: string | undefined,
): Promise<Wanted> {
  const { folders, platform, profiles } = services;
  const name = text(input, "profile") ?? profileName(exportCommand);
  const existing = (await profiles.config()).profiles.get(name);
  if (existing !== undefined && existing.source !== "script")
    throw new CredentialError("USAGE", `there is already a profile ${name}`, { remedy: "Name another one with --profile." });
  const value = {
    source: "script",
    ...(text(input, "description") === undefined ? {} : { description: text(input, "description")! }),
    // Shell lines as they were given: Claude Code would have run them by the shell as well.
    options: {
      shell: true,
      command: exportCommand,
      ...(refreshCommand === undefined ? {} : { sign_in_command: refreshCommand }),
    },
  };
  return {
    settings: await linesForProfile(services, input, { name, claude: { env: {} } }),
    profile: name,
    notes: [`Keyspring will run ${exportCommand} as the profile ${name}.`],
    prepare: async () => {
      await addToConfig(platform, folders, { profile: { name, value } });
    },
  };
}

function refuse(verdict: CommandVerdict | undefined, flag: string): void {
  if (verdict?.verdict !== "refused") return;
  const first = verdict.findings.find(({ severity }: Finding) => severity === "error");
  throw invalidConfiguration(`${flag}: ${first?.what ?? "the command cannot work"}`, first?.remedy ?? "Correct the command.");
}

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
