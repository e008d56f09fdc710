import { expect } from "vitest";
import type { House } from "./house.ts";

/** Signs somebody in at the house's Identity Center by `keyspring login`; later sign-ins wait for a person again. */
export async function signIn({ keyspring, simulator }: House, profile = "acme", ...flags: string[]): Promise<void> {
  await simulator.control.configure({ autoApprove: true });
  expect(await keyspring("login", "--profile", profile, ...flags)).toMatchObject({ exitCode: 0, stdout: "" });
  await simulator.control.configure({ autoApprove: null });
}
