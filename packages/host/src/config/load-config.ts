import { invalidConfiguration, type Platform, shellWord } from "@keyspring/core";
import type { Folders } from "../folders.ts";
import { checkedFile, checkedFolder } from "../secured.ts";
import type { Config } from "./config.ts";
import { parseConfig } from "./parse-config.ts";

/** No configuration written by people comes near this. */
const SIZE_LIMIT = 1024 * 1024;

/**
 * config.toml of this user; empty if there is none.
 * @throws CredentialError INVALID_CONFIGURATION with file and line where there is one, or if others may write the file
 */
export async function loadConfig(platform: Platform, folders: Folders): Promise<Config> {
  const file = configFile(platform, folders);
  return parseConfig((await readConfigText(platform, folders)) ?? "", file);
}

export function configFile(platform: Platform, folders: Folders): string {
  return platform.path.join(folders.config, "config.toml");
}

/** The text as it is, a byte-order mark kept; `undefined` if there is no file. Never text that could not be written back. */
export async function readConfigText(platform: Platform, folders: Folders): Promise<string | undefined> {
  const file = configFile(platform, folders);
  await checkedFolder(platform, folders.config);
  if (!(await checkedFile(platform, file))) return undefined;
  const bytes = await platform.files.read(file).catch((error: unknown) => {
    throw invalidConfiguration(`${file} cannot be read`, `Run: chmod u+r ${shellWord(file)}`, error);
  });
  if (bytes === undefined) return undefined;
  if (bytes.length > SIZE_LIMIT)
    throw invalidConfiguration(`${file} is longer than 1 MiB`, `Look at what is in there: head -c 1000 ${shellWord(file)}`);
  return decode(bytes, file);
}

function decode(bytes: Uint8Array, file: string): string {
  // PowerShell's `>` writes UTF-16.
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  try {
    if (!isUtf16) return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Said below.
  }
  throw invalidConfiguration(`${file} is not UTF-8 text`, `Save it as UTF-8${isUtf16 ? " (it is UTF-16)" : ""}.`);
}
