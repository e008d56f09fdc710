import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import type { IssuedSecret, SignedIn, Simulator } from "@keyspring/aws-simulator";
import { silentLog, type CredentialSource, type Platform } from "@keyspring/core";
import { createNotes, folders, nodePlatform } from "@keyspring/host";
import * as v from "valibot";
import { ssoOptionsSchema, type SsoOptions } from "../options.ts";
import { ssoPlugin } from "../plugin.ts";
import { sessionOf, type SsoSession } from "../session.ts";

export interface RealMachine {
  readonly home: string;
  /** For child processes. */
  readonly env: Record<string, string>;
  readonly platform: Platform;
  readonly options: SsoOptions;
  readonly session: SsoSession;
  readonly source: Required<Pick<CredentialSource, "provide" | "signIn" | "signOut">>;
  /** Leaves a sign-in of the simulator in the AWS CLI's cache; its end as the file tells it, `minutes` from now. */
  readonly putToken: (token: SignedIn, minutes: number) => Promise<void>;
  readonly tokenFile: () => Promise<SignedIn>;
  readonly remove: () => Promise<void>;
}

/** A home folder of its own on the real machine, whose AWS is the simulator. */
export async function realMachine(simulator: Simulator, overrides: Record<string, unknown> = {}): Promise<RealMachine> {
  const home = await fs.mkdtemp(path.join(os.tmpdir(), "keyspring-sso-"));
  const real = nodePlatform();
  const env = { ...simulator.environment, HOME: home, PATH: real.env["PATH"] ?? "" };
  const platform: Platform = { ...real, home, env };
  const organization = (await simulator.control.state()).organizations[0]!;
  const { accountId, roles } = organization.accounts[0]!;
  const options = v.parse(ssoOptionsSchema, {
    start_url: organization.startUrl,
    region: organization.region,
    account_id: accountId,
    role_name: roles[0]!.roleName,
    session: "acme",
    ...overrides,
  });
  const session = sessionOf(options, platform);
  const notes = createNotes(platform, folders(platform), "sso");
  const source = ssoPlugin.create(options, { profile: "acme-dev", platform, notes, log: silentLog, chain: [] });
  return {
    home,
    env,
    platform,
    options,
    session,
    source: source as RealMachine["source"],
    async putToken(token, minutes) {
      await fs.mkdir(path.dirname(session.tokenFile), { recursive: true });
      const expiresAt = new Date(Date.now() + minutes * 60_000).toISOString();
      await fs.writeFile(session.tokenFile, JSON.stringify({ ...token, expiresAt }), { mode: 0o600 });
    },
    tokenFile: async () => JSON.parse(await fs.readFile(session.tokenFile, "utf8")) as SignedIn,
    remove: () => fs.rm(home, { recursive: true, force: true }),
  };
}

/** Which kinds of secret a text holds. */
export function secretsIn(text: string, secrets: readonly IssuedSecret[]): string[] {
  return secrets.filter(({ value }) => text.includes(value)).map(({ kind }) => kind);
}
