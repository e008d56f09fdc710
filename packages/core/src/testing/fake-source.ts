import type { AwsCredentialIdentity } from "../identity.ts";
import type { Notes } from "../source.ts";

/** Credentials that no AWS ever issued; `n` makes them distinct. */
export function fakeIdentity(expiration: Date, n = 1): AwsCredentialIdentity & { sessionToken: string } {
  const tail = String(n).padStart(4, "0");
  return {
    accessKeyId: `ASIAFAKEFAKEFAKE${tail}`,
    secretAccessKey: `fakeSecretAccessKey/NeverIssuedByAWS+${tail}`.slice(0, 40),
    sessionToken: `fakeSessionToken-${"x".repeat(60)}-${tail}`,
    expiration,
  };
}

/** Notes in memory. */
export function fakeNotes(): Notes & { readonly all: Map<string, unknown> } {
  const all = new Map<string, unknown>();
  return {
    all,
    read: async (name) => all.get(name),
    write: async (name, value) => void all.set(name, value),
    remove: async (name) => void all.delete(name),
  };
}
