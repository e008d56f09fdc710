import { readAllSettings, settingsRecords } from "@keyspring/claude-code";
import type { CommandInput } from "../command.ts";
import { short } from "../present/settings.ts";
import { table } from "../present/table.ts";
import type { Services } from "../services.ts";

/** Settings that say which credentials Claude Code uses, and where it uses them. */
const SHOWN =
  /^(?:awsCredentialExport|awsAuthRefresh|env\.(?:AWS_|CLAUDE_CODE_USE_|CLAUDE_CODE_SKIP_BEDROCK|ANTHROPIC_(?:BEDROCK|MODEL|DEFAULT|SMALL)).*)$/;
const SECRET = /SECRET|TOKEN|ACCESS_KEY/;

export async function runSettingsShow(services: Services, input: CommandInput): Promise<void> {
  const { platform, folders, terminal, redactor } = services;
  const view = await readAllSettings(platform);
  const records = await settingsRecords(platform, folders.state);
  const settings = view.settings
    .filter(({ key }) => SHOWN.test(key))
    .map(({ key, value, scope, path, shadows }) => ({
      key,
      value: SECRET.test(key) ? "[not shown]" : redactor.redact(typeof value === "string" ? value : JSON.stringify(value)),
      scope,
      path,
      shadows: shadows.map((weaker) => weaker.path),
    }));
  const applied = records.map(({ scope, path, profile, description, applied: at }) => ({
    scope,
    path,
    profile,
    description,
    applied: at,
  }));
  if (input.options["json"] === true) {
    terminal.out(`${JSON.stringify({ settings, applied }, undefined, 2)}\n`);
    return;
  }
  if (settings.length === 0)
    terminal.err("Claude Code has no AWS settings. Set them: keyspring settings apply --profile NAME\n");
  else
    terminal.out(
      table([
        ["KEY", "SCOPE", "FILE", "VALUE"],
        ...settings.map(({ key, scope, path, value }) => [key, scope, fromHome(platform, path), short(value)]),
      ]),
    );
  for (const { scope, path, profile, description, applied: at } of applied) {
    const whose = profile === undefined ? "" : ` for the profile ${profile}`;
    terminal.out(
      `\nApplied by Keyspring (${scope}, ${at})${whose}: ${path}\n${description === undefined ? "" : `  ${description}\n`}`,
    );
  }
}

/** As people write it: `~/.claude/settings.json`. */
function fromHome({ home, path: paths }: Services["platform"], path: string): string {
  const folder = home + paths.sep;
  return path.startsWith(folder) ? `~${paths.sep}${path.slice(folder.length)}` : path;
}
