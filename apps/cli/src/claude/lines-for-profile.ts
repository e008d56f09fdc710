import { commandFor, type DesiredHook, type DesiredSettings, type Finding } from "@keyspring/claude-code";
import { invalidConfiguration } from "@keyspring/core";
import type { ProfileSelection } from "@keyspring/host";
import { text, type CommandInput } from "../command.ts";
import type { Services } from "../services.ts";
import { neverFailing, neverSilent } from "./never-failing.ts";

/** Seconds; the hook itself gives up after ten. */
const HOOK_TIMEOUT = 15;

export interface ProfileLines {
  readonly settings: DesiredSettings;
  /** What to know about the program that the commands name. */
  readonly findings: readonly Finding[];
}

/** Commands, hooks and variables for a profile of this name. */
export async function linesForProfile(
  { platform }: Pick<Services, "platform">,
  input: CommandInput,
  { name, claude, region: profileRegion }: Pick<ProfileSelection, "name" | "claude" | "region">,
): Promise<ProfileLines> {
  // The same for every command: they differ in their words alone.
  const { findings } = await commandFor(platform, []);
  const line = async (...words: string[]): Promise<string> => (await commandFor(platform, [...words, "--profile", name])).line;
  const region = checkedRegion(text(input, "region") ?? claude.env["AWS_REGION"] ?? claude.region ?? profileRegion);
  const hook = async (event: string, word: "start" | "prompt"): Promise<DesiredHook> => ({
    event,
    command: neverSilent(platform, await line("claude-hook", word), word),
    timeout: HOOK_TIMEOUT,
  });
  const settings: DesiredSettings = {
    awsCredentialExport: neverFailing(platform, await line("export", "--guard")),
    ...(input.options["refresh"] === false ? {} : { awsAuthRefresh: await line("refresh") }),
    env: { CLAUDE_CODE_USE_BEDROCK: "1", ...claude.env, ...(region === undefined ? {} : { AWS_REGION: region }) },
    ...(input.options["hook"] === false
      ? {}
      : { hooks: [await hook("SessionStart", "start"), await hook("UserPromptSubmit", "prompt")] }),
  };
  return { settings, findings };
}

/** Claude Code takes what is no region for none. */
export function checkedRegion(region: string | undefined): string | undefined {
  if (region === undefined || /^[a-z]{2,}(?:-[a-z0-9]+)+-\d+$/.test(region)) return region;
  throw invalidConfiguration(`\`${region}\` is no AWS region`, "Give one like us-east-1 with --region.");
}
