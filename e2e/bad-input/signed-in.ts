import { createHash } from "node:crypto";
import type { House } from "../lib/house.ts";

/** Leaves the sign-in of the first organization where the AWS CLI and Keyspring look for it, as `aws sso login` would. */
export async function signedIn(
  { simulator, write }: House,
  change: Readonly<Record<string, unknown>> = {},
  /** What names the cache file: the sso-session, else the start URL. */
  named?: string,
): Promise<string> {
  const token = await simulator.control.signIn();
  const name = createHash("sha1")
    .update(named ?? token.startUrl)
    .digest("hex");
  return write(`.aws/sso/cache/${name}.json`, JSON.stringify({ ...token, ...change }));
}
