import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import type { House } from "./house.ts";
import { KEYSPRING, NODE } from "./house.ts";

/** A reason why Keyspring has no credentials to give. */
export interface WayToFail {
  readonly name: string;
  /** Makes it so, after `settings apply`. */
  arrange(house: House): unknown;
  /** What has become of the lines in Claude Code's settings. */
  line?(line: string): string;
  /** What the person then reads, in the session or on the terminal. */
  readonly told: RegExp;
}

const script = (house: House, body: string): void => {
  const program = house.write("opt/grant.sh", `#!/bin/sh\n${body}\n`, 0o700);
  const own = `default_profile = "acme"\n[profiles.acme]\nsource = "script"\n[profiles.acme.options]\ncommand = ["${program}"]\n`;
  house.write(".config/keyspring/config.toml", own);
};

/** Signed in at Identity Center, without role credentials yet. */
async function signedInWithoutCredentials(house: House): Promise<void> {
  await house.simulator.control.configure({ autoApprove: true });
  await house.keyspring("login");
  await house.simulator.control.configure({ autoApprove: null });
  rmSync(house.path(".local/state/keyspring/credentials"), { recursive: true });
}

export const WAYS_TO_FAIL: readonly WayToFail[] = [
  { name: "not signed in", arrange: () => {}, told: /nobody is signed in[\s\S]*keyspring login --profile acme/ },
  {
    name: "the script fails",
    arrange: (house) => script(house, "echo 'the vault is sealed' >&2\nexit 1"),
    told: /the vault is sealed/,
  },
  {
    name: "config.toml is broken",
    arrange: (house) => house.write(".config/keyspring/config.toml", "default_profile = ["),
    told: /config\.toml/,
  },
  {
    name: "the profile is gone",
    arrange: (house) => house.write(".config/keyspring/config.toml", ""),
    told: /profile[\s\S]*acme/,
  },
  {
    name: "a file stands where the state folder was",
    arrange(house) {
      rmSync(house.stateFolder, { recursive: true, force: true });
      mkdirSync(house.path(".local/state"), { recursive: true });
      writeFileSync(house.stateFolder, "");
    },
    told: /state\/keyspring is not a folder/,
  },
  {
    name: "Keyspring is uninstalled",
    arrange: () => {},
    line: (line) => line.replaceAll(KEYSPRING, `${KEYSPRING}.gone`),
    told: /Keyspring cannot run any more[\s\S]*npm install -g keyspring/,
  },
  {
    name: "Node is uninstalled",
    arrange: () => {},
    line: (line) => line.replaceAll(`${NODE} `, `${NODE}.gone `),
    told: /Keyspring cannot run any more[\s\S]*npm install -g keyspring/,
  },
  {
    name: "Identity Center cannot be reached",
    async arrange(house) {
      await signedInWithoutCredentials(house);
      for (const service of ["sso", "sso-oidc"] as const)
        await house.simulator.control.addFault({ service, effect: { kind: "drop" } });
    },
    told: /reach|network|connection/i,
  },
  {
    name: "the store is corrupted and the sign-in over",
    async arrange(house) {
      await house.simulator.control.configure({ autoApprove: true });
      await house.keyspring("login");
      await house.simulator.control.configure({ autoApprove: null });
      const folder = house.path(".local/state/keyspring/credentials");
      for (const name of readdirSync(folder)) writeFileSync(`${folder}/${name}`, '{"version":1,"ident');
      await house.simulator.control.endSessions();
    },
    told: /keyspring login --profile acme/,
  },
];
