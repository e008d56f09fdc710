import { shellWord, type Platform } from "@keyspring/core";
import { HELPERS, keyOf, valueAt, type Entry } from "./entries.ts";
import { isTracked, type IgnorePlan } from "./ignore.ts";
import type { LoadedSettings } from "./load.ts";
import { readAllSettings, type EffectiveSetting, type SettingsFile, type SettingsView } from "./read.ts";
import type { SettingsRecord } from "./records.ts";
import type { Finding, SettingsLocation } from "./types.ts";

export interface PlanFacts {
  readonly request: { readonly cwd?: string };
  readonly location: SettingsLocation;
  readonly current: LoadedSettings;
  readonly wanted: readonly Entry[];
  readonly earlier: SettingsRecord | undefined;
  readonly ignore: IgnorePlan | undefined;
}

/** What a person should know before agreeing to a plan. */
export async function planFindings(platform: Platform, facts: PlanFacts): Promise<Finding[]> {
  const view = withoutDropped(await readAllSettings(platform, facts.request), facts);
  return [
    ...shadowedFindings(view, facts),
    ...rejectedFindings(view.files.filter(({ path }) => path !== facts.location.path)),
    ...replacedHelpers(facts),
    ...environmentFindings(platform, view, facts.wanted),
    ...projectFindings(facts.location),
    ...(await fileFindings(platform, facts)),
  ];
}

/** What will count when the plan is carried out: not what an earlier apply put there and this one takes out. */
function withoutDropped(view: SettingsView, { location, wanted, earlier }: PlanFacts): SettingsView {
  const isDropped = ({ key, path, value }: EffectiveSetting): boolean =>
    path === location.path &&
    !wanted.some((entry) => keyOf(entry) === key) &&
    earlier?.entries.some((entry) => keyOf(entry) === key && entry.value === value && entry.before === undefined) === true;
  return {
    ...view,
    of(key) {
      const setting = view.of(key);
      if (setting === undefined || !isDropped(setting)) return setting;
      const [next, ...shadows] = setting.shadows;
      return next && { key, ...next, shadows };
    },
  };
}

/** Files of Claude Code that it takes nothing from. */
export function rejectedFindings(files: readonly SettingsFile[]): Finding[] {
  return files
    .filter(({ state }) => state === "rejected")
    .map(({ scope, path, problem }) => ({
      severity: "warning",
      code: "file-rejected",
      what: `Claude Code takes nothing from ${path}: ${problem}`,
      why:
        scope === "managed"
          ? "A broken managed file keeps Claude Code from starting."
          : "Its other settings, hooks and permission rules are off as well.",
      remedy: `Mend ${path} in an editor; claude doctor lists such files.`,
    }));
}

/** A stronger file that says the same key: what is written here has no effect. */
function shadowedFindings(view: SettingsView, { location, wanted }: PlanFacts): Finding[] {
  const own = view.files.findIndex(({ path }) => path === location.path);
  if (own === -1) return [];
  return wanted
    .filter(({ kind }) => kind === "value")
    .flatMap((entry) => {
      const stronger = view.files.slice(own + 1).findLast(({ value }) => valueAt(value, entry.path) !== undefined);
      if (stronger === undefined || valueAt(stronger.value, entry.path) === entry.value) return [];
      return [
        {
          severity: "warning",
          code: "shadowed",
          what: `${keyOf(entry)} is also set in ${stronger.path}, which ranks higher`,
          why: `Claude Code takes the value of the ${stronger.scope} file; the one in ${location.path} has no effect there.`,
          remedy: `Remove ${keyOf(entry)} from ${stronger.path}, or run: keyspring settings apply --scope ${stronger.scope}`,
        } satisfies Finding,
      ];
    });
}

function replacedHelpers({ current, wanted, earlier, location }: PlanFacts): Finding[] {
  return wanted.flatMap((entry) => {
    const key = keyOf(entry);
    const before = current.value[key];
    const ours = earlier?.entries.some((old) => keyOf(old) === key && old.value === before);
    if (!HELPERS.includes(key as (typeof HELPERS)[number]) || before === undefined || before === entry.value || ours) return [];
    return [
      {
        severity: "warning",
        code: "replaces-helper",
        what: `${key} in ${location.path} is somebody else's command and will be replaced`,
        why: "Whoever set it may rely on it.",
        remedy: "`keyspring settings remove` puts it back as it was.",
      } satisfies Finding,
    ];
  });
}

/** Variables under which the helpers are not asked, or give away more than they should. */
export function environmentFindings(platform: Platform, view: SettingsView, wanted: readonly Entry[]): Finding[] {
  const chosen = (name: string): unknown => wanted.find(({ path }) => keyOf({ path }) === `env.${name}`)?.value;
  const find = (name: string): { value: unknown; where: string } | undefined => {
    const setting = view.of(`env.${name}`);
    if (chosen(name) !== undefined) return { value: chosen(name), where: "what is being applied" };
    if (setting !== undefined) return { value: setting.value, where: setting.path };
    const shell = platform.env[name];
    return shell === undefined ? undefined : { value: shell, where: "your shell's environment" };
  };
  const on = (name: string): string | undefined => {
    const found = find(name);
    return found === undefined || ["", "0", "false", false, 0].includes(found.value as string) ? undefined : found.where;
  };
  const findings: Finding[] = [];
  const bearer = on("AWS_BEARER_TOKEN_BEDROCK");
  if (bearer !== undefined)
    findings.push({
      severity: "warning",
      code: "bearer-token",
      what: `AWS_BEARER_TOKEN_BEDROCK is set in ${bearer}`,
      why: "Claude Code then signs nothing with these credentials: requests go out with that token, and the helpers run for nothing.",
      remedy: `Remove AWS_BEARER_TOKEN_BEDROCK from ${bearer}.`,
    });
  const skip = on("CLAUDE_CODE_SKIP_BEDROCK_AUTH");
  if (skip !== undefined)
    findings.push({
      severity: "warning",
      code: "skip-auth",
      what: `CLAUDE_CODE_SKIP_BEDROCK_AUTH is set in ${skip}`,
      why: "Claude Code then never asks for credentials.",
      remedy: `Remove CLAUDE_CODE_SKIP_BEDROCK_AUTH from ${skip}, unless a gateway signs for you.`,
    });
  const profile = view.of("env.AWS_PROFILE");
  if (profile !== undefined && chosen("AWS_PROFILE") === undefined)
    findings.push({
      severity: "warning",
      code: "aws-profile",
      what: `AWS_PROFILE is set in ${profile.path}`,
      why: "Every command that Claude runs gets it too, so aws, terraform and the like use that profile instead of the user's own.",
      remedy: `Remove AWS_PROFILE from the env of ${profile.path}: awsCredentialExport does not need it.`,
    });
  if (
    ["CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_MANTLE", "CLAUDE_CODE_USE_ANTHROPIC_AWS"].every(
      (name) => on(name) === undefined,
    )
  )
    findings.push({
      severity: "warning",
      code: "bedrock-off",
      what: "CLAUDE_CODE_USE_BEDROCK is set nowhere",
      why: "Claude Code asks for AWS credentials only when it talks to Bedrock.",
      remedy: "Run: keyspring settings apply, which sets it, or set it where Claude Code is started.",
    });
  return findings;
}

function projectFindings({ scope, path }: SettingsLocation): Finding[] {
  if (scope !== "project") return [];
  return [
    {
      severity: "warning",
      code: "project-file",
      what: `${path} is shared with everybody who works in this repository`,
      why: "It names a program of this computer, and `claude -p` runs it even in folders that nobody has said to trust.",
      remedy: "Use --scope local for yourself, or --scope managed for everybody's computers.",
    },
  ];
}

async function fileFindings(platform: Platform, { location, current }: PlanFacts): Promise<Finding[]> {
  const findings: Finding[] = [];
  if (((current.facts?.mode ?? 0) & 0o022) !== 0)
    findings.push({
      severity: "warning",
      code: "writable-by-others",
      what: `${location.path} can be written by other users`,
      why: "Whoever writes it decides what Claude Code runs as you.",
      remedy: `Run: chmod go-w ${shellWord(location.path)}`,
    });
  if (await isTracked(platform, location))
    findings.push({
      severity: "warning",
      code: "tracked",
      what: `git tracks ${location.path}`,
      why: "It is meant for one person, and the next commit would share it.",
      remedy: `Run: git rm --cached ${shellWord(location.path)}`,
    });
  return findings;
}
