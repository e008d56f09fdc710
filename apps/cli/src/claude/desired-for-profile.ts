import { commandFor, type DesiredSettings } from "@keyspring/claude-code";
import { CredentialError, invalidConfiguration } from "@keyspring/core";
import { text, type CommandInput } from "../command.ts";
import type { Wanted } from "../commands/settings-apply.ts";
import { errandFor } from "../obtain.ts";
import type { Services } from "../services.ts";

/** Seconds; the hook itself gives up after ten. */
const HOOK_TIMEOUT = 15;

/** The settings that let Claude Code get a profile's credentials from Keyspring. */
export async function desiredForProfile(services: Services, input: CommandInput): Promise<Wanted> {
  const { platform } = services;
  const delivery = text(input, "delivery") ?? "export";
  if (delivery !== "export")
    throw new CredentialError("USAGE", `--delivery ${delivery} is not here yet`, { remedy: "Leave --delivery out: export is the default." });
  const { selection } = await errandFor(services, text(input, "profile"));
  const { name, claude } = selection;
  const line = async (...words: string[]): Promise<string> => (await commandFor(platform, [...words, "--profile", name])).line;
  const region = text(input, "region") ?? claude.region ?? selection.region;
  const notes: string[] = [];
  if (region === undefined) notes.push("No region is known for Bedrock, so Claude Code will use its own default; name one with --region.");
  else if (!/^[a-z]{2}(?:-[a-z]+)+-\d$/.test(region))
    throw invalidConfiguration(`\`${region}\` is no AWS region`, "Give one like us-east-1 with --region.");
  const settings: DesiredSettings = {
    awsCredentialExport: await line("export", "--guard"),
    ...(input.options["refresh"] === false ? {} : { awsAuthRefresh: await line("refresh") }),
    env: { CLAUDE_CODE_USE_BEDROCK: "1", ...(region === undefined ? {} : { AWS_REGION: region }), ...claude.env },
    ...(input.options["hook"] === false
      ? {}
      : { hooks: [{ event: "UserPromptSubmit", command: await line("claude-hook"), timeout: HOOK_TIMEOUT }] }),
  };
  return { settings, profile: name, notes };
}
