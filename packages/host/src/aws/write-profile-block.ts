import { invalidConfiguration, type Platform } from "@keyspring/core";
import type { Folders } from "../folders.ts";
import { notWritable } from "../secured.ts";
import { withBlock, withoutBlock, type ProfileBlock } from "./profile-block.ts";
import { awsConfigFile, readSharedFile } from "./read-aws-config.ts";

export interface ProfileBlockPlan {
  readonly file: string;
  readonly before: string | undefined;
  /** `undefined`: the file goes. */
  readonly after: string | undefined;
  readonly changed: boolean;
}

/**
 * What adding the block to `~/.aws/config` (or AWS_CONFIG_FILE) would do.
 * @throws CredentialError INVALID_CONFIGURATION if somebody else has a profile of that name
 */
export async function planProfileBlock(platform: Platform, block: ProfileBlock): Promise<ProfileBlockPlan> {
  const file = awsConfigFile(platform);
  const before = await readSharedFile(platform, file);
  const after = withBlock(before, block, file);
  const titles = after.split(/\r?\n/).filter((line) => line.trim() === `[profile ${block.name}]`);
  if (titles.length > 1)
    throw invalidConfiguration(
      `${file} already has a profile ${block.name}`,
      "Rename or remove it: a second one would make the AWS CLI refuse the file.",
    );
  return { file, before, after, changed: after !== before };
}

/** What taking it out would do. */
export async function planProfileBlockRemoval(platform: Platform, name: string): Promise<ProfileBlockPlan> {
  const file = awsConfigFile(platform);
  const before = await readSharedFile(platform, file);
  const after = before === undefined ? undefined : withoutBlock(before, name, file);
  return { file, before, after, changed: after !== before };
}

/** Writes a plan atomically, mode and links kept. The text from before stays in `<state>/backups/`. */
export async function applyProfileBlock(platform: Platform, folders: Folders, plan: ProfileBlockPlan): Promise<void> {
  const { files, path } = platform;
  const { file, before, after, changed } = plan;
  if (!changed) return;
  if ((await files.readText(file)) !== before)
    throw invalidConfiguration(
      `${file} was changed by another program just now`,
      "Run the command again; nothing was written.",
    );
  try {
    if (before !== undefined) {
      const copy = path.join(folders.state, "backups", `aws-config-${platform.digest("sha256", before).slice(0, 16)}`);
      await files.writeAtomic(copy, before, { mode: 0o600 });
    }
    if (after === undefined) await files.remove(file);
    else await files.writeAtomic(file, after, { mode: (await files.facts(file))?.mode ?? 0o600 });
  } catch (error) {
    throw notWritable(platform, file, error);
  }
}
