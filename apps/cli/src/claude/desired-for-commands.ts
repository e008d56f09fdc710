import { judgeExportCommand, judgeRefreshCommand, type CommandVerdict } from "@keyspring/claude-code";
import { invalidConfiguration } from "@keyspring/core";
import { text, type CommandInput } from "../command.ts";
import { findingLines } from "../present/settings.ts";
import type { Services } from "../services.ts";
import { checkedRegion } from "./lines-for-profile.ts";
import type { Wanted } from "./wanted.ts";
import { wrappedCommands } from "./wrapped-commands.ts";

/** Settings for commands that a person wrote: taken only if they would work under Claude Code, or wrapped so that they do. */
export async function desiredForCommands(services: Services, input: CommandInput): Promise<Wanted> {
  const exportCommand = text(input, "credentialExport");
  const refreshCommand = text(input, "authRefresh");
  const { platform } = services;
  const awsProfile = text(input, "awsProfile");
  const region = checkedRegion(text(input, "region"));
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
  if (wrap) return wrappedCommands(services, input, exportCommand, refreshCommand);
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
