import { CredentialError, invalidConfiguration, type Platform } from "@keyspring/core";
import { parse } from "smol-toml";
import type { Folders } from "../folders.ts";
import { notWritable, securedFolder } from "../secured.ts";
import { configFile, readConfigText } from "./load-config.ts";
import { editConfig, sameValue, type ConfigChange } from "./edit-config.ts";
import { parseConfig } from "./parse-config.ts";
import type { WrittenConfig } from "./schema.ts";

export type { ConfigChange } from "./edit-config.ts";

export interface ConfigEdit {
  readonly file: string;
  /** `undefined` if there was no file. */
  readonly before: string | undefined;
  readonly after: string;
  readonly changed: boolean;
}

export interface WrittenConfigEdit extends ConfigEdit {
  /** Where the text from before is kept; `undefined` if there was none or nothing changed. */
  readonly backup: string | undefined;
}

/**
 * What `addToConfig` would write. Comments and everything that the change does not concern stay byte for byte.
 * @throws CredentialError INVALID_CONFIGURATION if the file is not valid, or writes the concerned part in a way that is not understood
 */
export async function planConfigChange(platform: Platform, folders: Folders, change: ConfigChange): Promise<ConfigEdit> {
  const file = configFile(platform, folders);
  const before = await readConfigText(platform, folders);
  const text = before ?? "";
  parseConfig(text, file);
  const after = editConfig(text, change, file);
  parseConfig(after, file);
  if (!sameValue(document(after), changed(document(text), change)))
    throw invalidConfiguration(
      `${file} is written in a way that cannot be changed safely`,
      "Change it by hand; nothing was written.",
    );
  return { file, before, after, changed: after !== text };
}

/** Adds, replaces or removes one organization, one profile or the default profile in config.toml; the old text is kept as a backup. */
export async function addToConfig(platform: Platform, folders: Folders, change: ConfigChange): Promise<WrittenConfigEdit> {
  const file = configFile(platform, folders);
  await securedFolder(platform, folders.config);
  const lock = await exclusively(platform, folders);
  try {
    const edit = await planConfigChange(platform, folders, change);
    if (!edit.changed) return { ...edit, backup: undefined };
    const backup = edit.before === undefined ? undefined : await keep(platform, folders, edit.before);
    await platform.files.writeAtomic(file, edit.after, { mode: 0o600 });
    return { ...edit, backup };
  } catch (error) {
    throw notWritable(platform, file, error);
  } finally {
    await lock.release();
  }
}

async function exclusively(platform: Platform, folders: Folders): Promise<{ release(): Promise<void> }> {
  await securedFolder(platform, folders.state);
  const deadline = platform.clock.deadline(10_000);
  try {
    return await platform.locks.acquire(platform.path.join(folders.state, "locks", "config.lock"), deadline.signal);
  } catch (error) {
    if (!deadline.signal.aborted) throw error;
    throw new CredentialError("TIMED_OUT", "another Keyspring is changing config.toml", { remedy: "Try again." });
  } finally {
    deadline.clear();
  }
}

async function keep(platform: Platform, folders: Folders, text: string): Promise<string> {
  const time = new Date(platform.clock.now()).toISOString().replaceAll(/[-:]/g, "");
  const backup = platform.path.join(folders.state, "backups", `config.toml.${time}`);
  await platform.files.writeAtomic(backup, text, { mode: 0o600 });
  return backup;
}

function document(text: string): WrittenConfig {
  return parse(text.replace(/^\uFEFF/, ""));
}

/** What the document should say afterwards. Tables without anything in them count as absent. */
function changed(before: WrittenConfig, { organization, profile, defaultProfile }: ConfigChange): WrittenConfig {
  const after: Record<string, unknown> = { ...before };
  const put = (table: "organizations" | "profiles", one: { name: string; value: object | undefined } | undefined): void => {
    if (one === undefined) return;
    const { [one.name]: _, ...others } = before[table] ?? {};
    const all = one.value === undefined ? others : { ...others, [one.name]: withoutEmpty(one.value) };
    after[table] = Object.keys(all).length === 0 ? undefined : all;
  };
  put("organizations", organization);
  put("profiles", profile);
  if (defaultProfile !== undefined) after["default_profile"] = defaultProfile.value;
  return after;
}

function withoutEmpty(value: object): object {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([, inner]) => !(inner !== null && typeof inner === "object" && Object.keys(inner).length === 0),
    ),
  );
}
