import type { Platform, SessionState } from "@keyspring/core";
import { describeSession } from "./describe-session.ts";
import type { SsoOptions } from "./options.ts";

/** The session as `status` shows it; `undefined` if nobody has signed in. Reads the token cache; no network. */
export async function sessionState(
  options: SsoOptions,
  platform: Pick<Platform, "home" | "path" | "digest" | "files" | "clock">,
): Promise<SessionState | undefined> {
  const { state, expiration, canRefresh } = await describeSession(options, platform);
  if (state === "signed-out") return undefined;
  const end = expiration === undefined ? {} : { expiration };
  if (state === "signed-in") return { state: "active", ...end };
  return { state: canRefresh ? "renewable" : "ended", ...end };
}
