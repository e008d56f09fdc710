import { commandFor, type DesiredSettings } from "@keyspring/claude-code";
import { invalidConfiguration, type Platform } from "@keyspring/core";
import type { ProfileSelection } from "@keyspring/host";
import { text, type CommandInput } from "../command.ts";
import type { Services } from "../services.ts";
import { FALLBACK_LINE } from "./refused-credentials.ts";

/** Seconds; the hook itself gives up after ten. */
const HOOK_TIMEOUT = 15;

/** Commands, hooks and variables for a profile of this name. */
export async function linesForProfile(
  { platform }: Pick<Services, "platform">,
  input: CommandInput,
  { name, claude, region: profileRegion }: Pick<ProfileSelection, "name" | "claude" | "region">,
): Promise<DesiredSettings> {
  const line = async (...words: string[]): Promise<string> => (await commandFor(platform, [...words, "--profile", name])).line;
  const region = text(input, "region") ?? claude.region ?? profileRegion;
  if (region !== undefined && !/^[a-z]{2}(?:-[a-z]+)+-\d$/.test(region))
    throw invalidConfiguration(`\`${region}\` is no AWS region`, "Give one like us-east-1 with --region.");
  const hook = async (event: string, word: string): Promise<{ event: string; command: string; timeout: number }> => ({
    event,
    command: await line("claude-hook", word),
    timeout: HOOK_TIMEOUT,
  });
  return {
    awsCredentialExport: neverFailing(platform, await line("export", "--guard")),
    ...(input.options["refresh"] === false ? {} : { awsAuthRefresh: await line("refresh") }),
    env: { CLAUDE_CODE_USE_BEDROCK: "1", ...(region === undefined ? {} : { AWS_REGION: region }), ...claude.env },
    ...(input.options["hook"] === false
      ? {}
      : { hooks: [await hook("SessionStart", "start"), await hook("UserPromptSubmit", "prompt")] }),
  };
}

/**
 * The command so that the shell answers for it if it is gone or killed: whenever this command fails, Claude Code asks Bedrock as somebody
 * else. Signals are left to the program itself, since the shell would die of them before it could answer.
 */
export function neverFailing({ os }: Pick<Platform, "os">, command: string): string {
  if (os === "win32") return `${command} || echo ${FALLBACK_LINE}`;
  return `trap '' INT HUP TERM; ${command} || echo '${FALLBACK_LINE}'`;
}
