import type { Services } from "./services.ts";

/** The lock that whoever is signing a person in holds: one per sign-in scope. */
export function signInLockFile({ platform, folders }: Pick<Services, "platform" | "folders">, scope: string): string {
  return platform.path.join(folders.state, "locks", `sign-in-${platform.digest("sha256", scope).slice(0, 32)}.lock`);
}
