import { judgeExportCommand, judgeRefreshCommand, type CommandVerdict } from "@keyspring/claude-code";
import { CredentialError, invalidConfiguration } from "@keyspring/core";
import { addToConfig } from "@keyspring/host";
import { text, type CommandInput } from "../command.ts";
import { findingLines } from "../present/settings.ts";
import type { Services } from "../services.ts";
import { linesForProfile } from "./lines-for-profile.ts";
import type { Wanted } from "./wanted.ts";

/** Settings for commands that a person wrote: taken only if they would work under Claude Code, or wrapped so that they do. */
export async function desiredForCommands(services: Services, input: CommandInput): Promise<Wanted> {
  const exportCommand = text(input, "credentialExport");
  const refreshCommand = text(input, "authRefresh");
  const { platform } = services;
  const awsProfile = text(input, "awsProfile");
  const region = text(input, "region");
  const env = {
    CLAUDE_CODE_USE_BEDROCK: "1",
    ...(region && { AWS_REGION: region }),
    ...(awsProfile && { AWS_PROFILE: awsProfile }),
  };
  const wrap = input.options["wrap"] === true && exportCommand !== undefined;
  const verdicts = {
    "--credential-export": exportCommand === undefined ? undefined : await judgeExportCommand(platform, exportCommand, { env }),
    "--auth-refresh": refreshCommand === undefined ? undefined : await judgeRefreshCommand(platform, refreshCommand),
  };
  for (const [flag, verdict] of Object.entries(verdicts)) refuse(flag, verdict, wrap, exportCommand !== undefined);
  if (wrap) return wrapped(services, input, exportCommand, refreshCommand);
  const findings = Object.values(verdicts).flatMap((verdict) => verdict?.findings ?? []);
  return {
    settings: {
      ...(exportCommand === undefined ? {} : { awsCredentialExport: exportCommand }),
      ...(refreshCommand === undefined ? {} : { awsAuthRefresh: refreshCommand }),
      env,
    },
    notes: [
      ...(findings.length === 0 ? [] : [findingLines(findings).trimEnd()]),
      ...(awsProfile === undefined ? [] : [`Every command that Claude runs will use AWS_PROFILE=${awsProfile} too.`]),
    ],
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
  if (existing !== undefined && (existing.source !== "script" || existing.options["command"] !== exportCommand))
    throw new CredentialError("USAGE", `there is already a profile ${name}, which is something else`, {
      remedy: `Name another one, e.g.: --profile ${name}-2`,
    });
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

function refuse(flag: string, judged: CommandVerdict | undefined, wrap: boolean, canWrap: boolean): void {
  if (judged === undefined || judged.verdict === "works" || (wrap && judged.verdict === "needs-wrap")) return;
  const errors = judged.findings.filter(({ severity }) => severity === "error");
  // What wrapping does not take away is named first.
  const worst = errors.find(({ wrapCures }) => wrapCures !== true) ?? errors[0];
  const remedy =
    judged.verdict === "needs-wrap" && canWrap
      ? "Run the command again with --wrap: Keyspring then runs it and gives Claude Code what it needs."
      : (worst?.remedy ?? "Correct the command.");
  throw invalidConfiguration(`${flag}: ${worst?.what ?? "the command cannot work"}`, remedy);
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
