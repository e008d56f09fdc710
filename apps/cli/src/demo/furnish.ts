import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { OrganizationInput, Simulator } from "@keyspring/aws-simulator";
import type { Platform } from "@keyspring/core";
import { globexScript } from "./globex-script.ts";

export const ACME = { startUrl: "https://acme.awsapps.com/start", account: "123456789012", role: "BedrockUser" } as const;
export const GLOBEX = { startUrl: "https://globex.awsapps.com/start", account: "444455556666", role: "Builder" } as const;

const HOUR = 3_600_000;

/** Acme signs in at IAM Identity Center; Globex has a script of its own. */
export const ORGANIZATIONS: readonly OrganizationInput[] = [
  {
    startUrl: ACME.startUrl,
    region: "eu-west-1",
    name: "Acme",
    accounts: [{ accountId: ACME.account, roles: [ACME.role] }],
    users: ["ada"],
  },
  {
    startUrl: GLOBEX.startUrl,
    region: "us-east-1",
    name: "Globex",
    accounts: [{ accountId: GLOBEX.account, roles: [GLOBEX.role] }],
    users: ["grace"],
  },
];

/** Puts config.toml for both organizations and Globex's own script into an empty home. */
export async function furnish({ os, self }: Pick<Platform, "os" | "self">, home: string, simulator: Simulator): Promise<void> {
  const folder = join(home, ".config", "keyspring");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await mkdir(join(home, ".run"), { mode: 0o700 });
  await mkdir(join(home, "bin"), { mode: 0o755 });
  const script = join(home, "bin", os === "win32" ? "generate_aws_grant.cjs" : "generate_aws_grant.sh");
  // Globex's own login outlives the hours that pass on the stage.
  await simulator.control.configure({ accessTokenLifetime: 8 * HOUR });
  const { accessToken } = await simulator.control.signIn({ startUrl: GLOBEX.startUrl });
  await simulator.control.configure({ accessTokenLifetime: HOUR });
  const url = `${simulator.url}/federation/credentials?role_name=${GLOBEX.role}&account_id=${GLOBEX.account}`;
  await writeFile(script, globexScript(url, accessToken), { mode: 0o700 });
  const command = os === "win32" ? [self.execPath, script] : [script];
  await writeFile(join(folder, "config.toml"), configText(command), { mode: 0o600 });
}

/** A JSON list of texts is a TOML list of texts. */
const configText = (globexCommand: readonly string[]): string => `default_profile = "acme"

[organizations.acme]
source = "sso"
[organizations.acme.options]
start_url = "${ACME.startUrl}"
region = "eu-west-1"
[organizations.acme.claude]
region = "us-east-1"

[profiles.acme]
organization = "acme"
[profiles.acme.options]
account_id = "${ACME.account}"
role_name = "${ACME.role}"

[organizations.globex]
source = "script"
[organizations.globex.options]
command = ${JSON.stringify(globexCommand)}
[organizations.globex.claude]
region = "us-east-1"

[profiles.globex]
organization = "globex"
`;
