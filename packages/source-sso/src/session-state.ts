import type { Platform, SessionState } from "@keyspring/core";
import { describeSession } from "./describe-session.ts";
import type { SsoOptions } from "./options.ts";

/** The session as `status` shows it. Reads the token cache; no network. */
export async function sessionState(
  options: SsoOptions,
  platform: Pick<Platform, "home" | "path" | "digest" | "files" | "clock">,
): Promise<SessionState> {
  const { state, expiration, canRefresh } = await describeSession(options, platform);
  const end = expiration === undefined ? {} : { expiration };
  if (state === "signed-in") return { state: "active", ...end };
  return { state: canRefresh ? "renewable" : "ended", ...end };
}
