import { settingsRecords } from "@keyspring/claude-code";
import type { ProfileSelection } from "@keyspring/host";
import { text, type CommandInput } from "../command.ts";
import { statusTable } from "../present/status.ts";
import { brokenProfile, statusOf, type ProfileStatus } from "../profile-status.ts";
import type { Services } from "../services.ts";

const WATCH_INTERVAL = 2_000;

export async function runStatus(services: Services, input: CommandInput): Promise<number> {
  const { platform, terminal, interrupted } = services;
  const watch = input.options["watch"] === true;
  for (;;) {
    const report = {
      version: services.version,
      folders: { ...services.folders, log: platform.path.join(services.folders.state, "log") },
      profiles: await statuses(services, text(input, "profile")),
    };
    const shown =
      input.options["json"] === true
        ? `${JSON.stringify(report, undefined, watch ? undefined : 2)}\n`
        : statusTable(report, terminal);
    terminal.out(watch && terminal.outIsTerminal ? `\u001B[H\u001B[2J${shown}` : shown);
    if (!watch) return 0;
    await platform.clock.sleep(WATCH_INTERVAL, interrupted);
  }
}

async function statuses(services: Services, flag: string | undefined): Promise<ProfileStatus[]> {
  const { profiles } = services;
  const names = flag === undefined ? await knownProfiles(services) : [];
  // There may still be a profile of ~/.aws/config that the environment names.
  if (names.length === 0) return [await statusOf(services, await profiles.select(flag))];
  return Promise.all(
    names.map(async (profile) => {
      let selection: ProfileSelection;
      try {
        selection = await profiles.select(profile);
      } catch (error) {
        return brokenProfile(services, { profile }, error);
      }
      return statusOf(services, selection);
    }),
  );
}

/** Those of config.toml; without any, those of `~/.aws/config` that Claude Code was set to. */
async function knownProfiles({ profiles, platform, folders }: Services): Promise<string[]> {
  const own = [...(await profiles.config()).profiles.keys()];
  if (own.length > 0) return own;
  const applied = (await settingsRecords(platform, folders.state)).flatMap(({ profile }) => profile ?? []);
  return [...new Set(applied)];
}
