import { applyRemoval, planRemoval, type SettingsScope } from "@keyspring/claude-code";
import { checkedFolder, planProfileBlockRemoval } from "@keyspring/host";
import { awsProfileFor, removeAwsProfile } from "../claude/profile-delivery.ts";
import { removeWrapped } from "../claude/wrapped-commands.ts";
import { text, type CommandInput } from "../command.ts";
import { changeLines } from "../present/settings.ts";
import type { Services } from "../services.ts";

export async function runSettingsRemove(services: Services, input: CommandInput): Promise<void> {
  const { platform, folders, terminal } = services;
  const scope = (text(input, "scope") ?? "user") as SettingsScope;
  await checkedFolder(platform, folders.state);
  const plan = await planRemoval(platform, { scope, stateFolder: folders.state });
  if (plan.outcome === "nothing") {
    terminal.err(`Keyspring has put nothing into ${plan.path}.\n`);
    return;
  }
  if (input.options["dryRun"] === true) {
    terminal.out(plan.diff === "" ? "Nothing to change.\n" : plan.diff);
    return;
  }
  // What cannot be read would be found too late, when nothing says any more that it is ours.
  if (plan.record?.wrapped !== undefined) await services.profiles.config();
  const awsProfile = plan.record?.entries.find(({ path }) => path.join(".") === "env.AWS_PROFILE")?.value;
  if (plan.record?.profile !== undefined && awsProfile === awsProfileFor(plan.record.profile))
    await planProfileBlockRemoval(platform, awsProfile);
  await applyRemoval(platform, plan);
  terminal.out(`Setting removed. Changes:\n${changeLines(plan.changes)}`);
  terminal.err(`${OUTCOME[plan.outcome]}: ${plan.path}\n`);
  const profile = plan.record?.profile;
  const awsConfig = profile === undefined ? undefined : await removeAwsProfile(services, profile);
  if (awsConfig !== undefined) terminal.err(`Its profile was taken out of ${awsConfig}\n`);
  for (const line of plan.record === undefined ? [] : await removeWrapped(services, plan.record)) terminal.err(`${line}\n`);
  if (plan.left.length > 0) terminal.err(`Left as they are, because somebody changed them since: ${plan.left.join(", ")}\n`);
  // A variable that is taken out of `env` stays set in sessions that run already.
  terminal.err("Sessions of Claude Code that are open keep the old env until they are restarted.\n");
}

const OUTCOME = {
  restore: "Restored byte for byte",
  edit: "Changed by others since, so only Keyspring's own part was taken out",
  gone: "The file is gone; forgot what was kept for it",
} as const;
