import { createHash } from "node:crypto";
import { expect } from "vitest";
import type { House } from "./house.ts";

/** Signs somebody in at the house's Identity Center by `keyspring login`; later sign-ins wait for a person again. */
export async function signIn(home: House, profile = "acme", ...flags: string[]): Promise<void> {
  const { simulator } = home;
  await simulator.control.configure({ autoApprove: true });
  expect(await home.keyspring("login", "--profile", profile, ...flags)).toMatchObject({ exitCode: 0, stdout: "" });
  await simulator.control.configure({ autoApprove: null });
}

/**
 * A sign-in as `aws sso login` left it in its cache. Nothing of it is in Keyspring's store.
 * @param left milliseconds until its access token ends, as the file tells it; as it was issued when absent
 */
export async function putToken(home: House, left?: number): Promise<void> {
  const token = await home.simulator.control.signIn();
  const name = createHash("sha1").update(token.startUrl).digest("hex");
  const expiresAt = left === undefined ? token.expiresAt : new Date(Date.now() + left).toISOString().replace(/\.\d+Z$/, "Z");
  home.write(`.aws/sso/cache/${name}.json`, JSON.stringify({ ...token, expiresAt }));
}
