import { applySettings, planSettings, type SettingsScope } from "@keyspring/claude-code";
import { CredentialError } from "@keyspring/core";
import { checkedFolder } from "@keyspring/host";
import { text, type CommandInput } from "../command.ts";
import { desiredForProfile } from "../claude/desired-for-profile.ts";
import { desiredForCommands } from "../claude/desired-for-commands.ts";
import { awsProfileFor, removeAwsProfile } from "../claude/profile-delivery.ts";
import { confirmed } from "../confirm.ts";
import { changeLines, findingLines } from "../present/settings.ts";
import type { Services } from "../services.ts";

export async function runSettingsApply(services: Services, input: CommandInput): Promise<void> {
  const { platform, folders, terminal } = services;
  // What lies there says what `settings remove` will write: nobody else may have a hand in it.
  await checkedFolder(platform, folders.state);
  const own = text(input, "credentialExport") !== undefined || text(input, "authRefresh") !== undefined;
  refuseStrayOptions(input, own);
  const wanted = own ? await desiredForCommands(services, input) : await desiredForProfile(services, input);
  const scope = (text(input, "scope") ?? "user") as SettingsScope;
  const description = text(input, "description");
  const plan = await planSettings(platform, {
    scope,
    stateFolder: folders.state,
    desired: wanted.settings,
    ...(wanted.profile === undefined ? {} : { profile: wanted.profile }),
    ...(description === undefined ? {} : { description }),
    ...(wanted.wrapped === undefined ? {} : { wrapped: wanted.wrapped }),
  });
  const tell = (): void => terminal.err(wanted.notes.map((note) => `${note}\n`).join("") + findingLines(plan.findings));
  if (input.options["dryRun"] === true) {
    tell();
    terminal.out(plan.changed ? plan.diff : "Nothing to change.\n");
    return;
  }
  const others = plan.findings.filter(({ code }) => code === "replaces-helper").map(({ what }) => what);
  // Whoever is asked must know before; where nobody is, an error's two lines come first.
  const asks = terminal.canAsk && others.length > 0;
  if (asks) tell();
  if (others.length > 0 && !(await confirmed(services, input, others.join("; "))))
    throw new CredentialError("CANCELLED", "nothing was changed");
  await wanted.prepare?.();
  await applySettings(platform, plan);
  const former = plan.prepared.replaces?.profile;
  if (former !== undefined && wanted.settings.env?.["AWS_PROFILE"] !== awsProfileFor(former)) {
    const awsConfig = await removeAwsProfile(services, former);
    if (awsConfig !== undefined) terminal.err(`[profile ${awsProfileFor(former)}] was taken out of ${awsConfig}\n`);
  }
  if (!asks) tell();
  terminal.out(
    plan.changed
      ? `Setting applied. Changes:\n${changeLines(plan.changes)}`
      : "Setting applied. Changes:\n  none, it was all there\n",
  );
  terminal.err(`In ${plan.path}. Undo: keyspring settings remove${scope === "user" ? "" : ` --scope ${scope}`}\n`);
}

/** An option that would have no effect is one whose effect somebody expects. */
function refuseStrayOptions(input: CommandInput, own: boolean): void {
  const given = (name: string): boolean => input.options[name] !== undefined;
  if (!own && given("wrap"))
    throw stray("--wrap", "--credential-export", "Give the command: --credential-export COMMAND --wrap");
  if (!own && given("awsProfile"))
    throw stray("--aws-profile", "commands of your own", "Leave it out, or use: --delivery profile");
  if (own && given("delivery"))
    throw stray(
      "--delivery",
      "a profile of Keyspring's",
      "Leave it out, or name a profile instead of commands: --profile NAME",
    );
  if (own && given("wrap") && !given("credentialExport"))
    throw stray("--wrap", "--credential-export", "Leave --wrap out, or add: --credential-export COMMAND");
}

function stray(option: string, companion: string, remedy: string): CredentialError {
  return new CredentialError("USAGE", `${option} goes with ${companion} only`, { remedy });
}
