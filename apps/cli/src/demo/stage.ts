import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Simulator } from "@keyspring/aws-simulator";
import { sourceFailed, type Platform, type RunResult } from "@keyspring/core";
import { globexScript } from "./globex-script.ts";

/** A private home, a simulated AWS with two organizations, and the real `keyspring` in between. */
export interface Stage {
  readonly platform: Platform;
  readonly home: string;
  readonly simulator: Simulator;
  /** The environment of everything that runs on the stage: nothing of the person's own AWS set-up is in it. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Runs this very `keyspring` as a process of its own. */
  keyspring(...args: string[]): Promise<RunResult>;
  close(): Promise<void>;
}

export const ACME = { startUrl: "https://acme.awsapps.com/start", account: "123456789012", role: "BedrockUser" } as const;
export const GLOBEX = { startUrl: "https://globex.awsapps.com/start", account: "444455556666", role: "Builder" } as const;

/** Milliseconds after which a command of the demo counts as stuck. */
const STUCK = 60_000;

/** Variables of the person's own that every program needs. */
const PASSED = ["PATH", "TERM", "LANG", "SHELL", "COLORTERM", "NO_COLOR", "SystemRoot", "ComSpec", "PATHEXT", "TEMP", "TMP"];

export async function createStage(platform: Platform, signal: AbortSignal): Promise<Stage> {
  const { startSimulator } = await import("@keyspring/aws-simulator");
  const home = await mkdtemp(join(tmpdir(), "keyspring-demo-"));
  const simulator = await startSimulator({
    organizations: [
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
    ],
  });
  const close = async (): Promise<void> => {
    await simulator.stop();
    await rm(home, { recursive: true, force: true });
  };
  try {
    await furnish(home, simulator);
  } catch (error) {
    await close();
    throw error;
  }
  const passed = PASSED.flatMap((name) => (platform.env[name] === undefined ? [] : [[name, platform.env[name]] as const]));
  const env = {
    ...Object.fromEntries(passed),
    ...simulator.environment,
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_STATE_HOME: join(home, ".local", "state"),
    XDG_RUNTIME_DIR: join(home, ".run"),
    KEYSPRING_NO_BROWSER: "1",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  const { execPath, script } = platform.self;
  return {
    platform,
    home,
    simulator,
    env,
    signal,
    async keyspring(...args) {
      const command = script === execPath ? ([execPath, ...args] as const) : ([execPath, script, ...args] as const);
      const result = await platform.processes.run({
        command: [...command],
        env,
        cwd: home,
        signal,
        timeout: STUCK,
        streams: "closed",
      });
      if (result.outcome !== "exited")
        throw sourceFailed(`keyspring ${args.join(" ")} did not end by itself (${result.outcome})`);
      return result;
    },
    close,
  };
}

/** config.toml for both organizations, and Globex's own script. */
async function furnish(home: string, simulator: Simulator): Promise<void> {
  const folder = join(home, ".config", "keyspring");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await mkdir(join(home, ".run"), { mode: 0o700 });
  await mkdir(join(home, "bin"), { mode: 0o755 });
  const script = join(home, "bin", "generate_aws_grant.sh");
  const { accessToken } = await simulator.control.signIn({ startUrl: GLOBEX.startUrl });
  await writeFile(
    script,
    globexScript(`${simulator.url}/federation/credentials?role_name=${GLOBEX.role}&account_id=${GLOBEX.account}`, accessToken),
    { mode: 0o700 },
  );
  await writeFile(join(folder, "config.toml"), configText(script), { mode: 0o600 });
}

const configText = (script: string): string => `default_profile = "acme"

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
command = ["${script.replaceAll("\\", "\\\\")}"]
[organizations.globex.claude]
region = "us-east-1"

[profiles.globex]
organization = "globex"
`;
