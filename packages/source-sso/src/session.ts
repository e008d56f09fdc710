import type { Platform } from "@keyspring/core";
import type { SsoOptions } from "./options.ts";
import { registrationKey, tokenKey } from "./cache-keys.ts";

/** One sign-in at one Identity Center, with the files that stand for it. */
export interface SsoSession {
  /** SHA-1 of the session's name, or of the start URL for the legacy configuration: how AWS tools name its token file. */
  readonly id: string;
  readonly startUrl: string;
  readonly region: string;
  readonly scopes: readonly string[];
  readonly clientName: string;
  readonly tokenFile: string;
  readonly registrationFile: string;
  readonly lockFile: string;
}

/**
 * Layout of the AWS CLI: `~/.aws/sso/cache/<sha1>.json`, always under the home folder.
 *
 * The lock lies one folder up. It must be found by everyone who can redeem this very token file, whatever state folder each of them
 * was given and from whichever container the home is shared, so it goes with the file; but the cache folder itself is read and swept
 * by other tools and stays theirs alone.
 */
export function sessionOf(options: SsoOptions, platform: Pick<Platform, "home" | "path" | "digest">): SsoSession {
  const { path } = platform;
  const folder = path.join(platform.home, ".aws", "sso");
  const id = tokenKey(options, platform);
  return {
    id,
    startUrl: options.start_url,
    region: options.region,
    scopes: options.scopes,
    clientName: options.client_name ?? "keyspring",
    tokenFile: path.join(folder, "cache", `${id}.json`),
    registrationFile: path.join(folder, "cache", `${registrationKey(options, platform)}.json`),
    lockFile: path.join(folder, `.keyspring-${id}.lock`),
  };
}
