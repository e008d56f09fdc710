import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { startSimulator, type Simulator, type SimulatorOptions } from "@keyspring/aws-simulator";
import { leaks, type Captured } from "./capture.ts";
import { run, start, type Finished, type Running, type StartOptions } from "./process.ts";

/** The built product, as `npm install -g` would put it there, or another build of it. */
export const KEYSPRING: string =
  process.env["KEYSPRING_TEST_CLI"] ?? join(import.meta.dirname, "../../apps/cli/dist/keyspring.cjs");
/** The Node that people have: the one on PATH behind this workspace's own, or else this one. */
export const NODE: string = process.env["KEYSPRING_TEST_NODE"] ?? process.execPath;

/** Commands whose standard output is credentials. */
const HANDS_OUT = /^(?:export|process|env|exec)$/;
/** Where secrets may lie: the store, the notes of a sign-in under way, the token cache shared with the AWS CLI, a person's own keys. */
const SECRET_PLACES = [/\/keyspring\/credentials\//, /\/keyspring\/notes\//, /\/\.aws\/sso\/cache\//, /\/\.aws\/credentials$/];

/** A person's home, a simulated AWS, and the built `keyspring` between them. Gone when the test ends. */
export interface House {
  readonly home: string;
  readonly simulator: Simulator;
  /** The whole environment of what runs here. */
  readonly env: Record<string, string>;
  readonly stateFolder: string;
  /** Path below the home. */
  readonly path: (...parts: string[]) => string;
  readonly write: (path: string, text: string, mode?: number) => string;
  readonly read: (path: string) => string;
  readonly keyspring: (...args: string[]) => Promise<Finished>;
  readonly start: (args: readonly string[], options?: Partial<StartOptions>) => Running;
  /** Any other program in this house's environment. Its output is searched for secrets unless `handsOut`. */
  run(
    program: string,
    args: readonly string[],
    options?: Partial<StartOptions> & { readonly handsOut?: boolean },
  ): Promise<Finished>;
  /** Adds text that the test saw by other means, e.g. a terminal's screen. */
  saw(what: string, text: string): void;
}

export interface HouseOptions {
  readonly simulator?: SimulatorOptions;
  /** Text of config.toml; default `ACME_CONFIG`. */
  readonly config?: string | undefined;
  readonly env?: Readonly<Record<string, string>>;
  /** Where the work of the test's end is left; the test's own in concurrent tests, which have no current one. */
  readonly onFinished?: (work: () => Promise<void>) => void;
}

export const ACME_CONFIG = `default_profile = "acme"

[organizations.acme]
source = "sso"
[organizations.acme.options]
start_url = "https://acme.awsapps.com/start"
region = "eu-west-1"
[organizations.acme.claude]
region = "us-east-1"

[profiles.acme]
organization = "acme"
[profiles.acme.options]
account_id = "123456789012"
role_name = "BedrockUser"
`;

/** Builds a house for the current test. When the test ends, everything it saw is searched for every secret the simulator issued. */
export async function house(options: HouseOptions = {}): Promise<House> {
  const home = mkdtempSync(join(tmpdir(), "keyspring-e2e-"));
  const simulator = await startSimulator(options.simulator ?? {});
  const captured: Captured[] = [];
  const env: Record<string, string> = {
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    HOME: home,
    LANG: "C.UTF-8",
    KEYSPRING_NO_BROWSER: "1",
    AWS_EC2_METADATA_DISABLED: "true",
    ...simulator.environment,
    ...options.env,
  };
  const stateFolder = env["KEYSPRING_STATE_DIR"] ?? join(home, ".local/state/keyspring");
  const keep = (what: string, { stdout, stderr }: Finished, handsOut: boolean): void => {
    if (!handsOut) captured.push({ what: `stdout of ${what}`, text: stdout });
    captured.push({ what: `stderr of ${what}`, text: stderr });
  };
  const self: House = {
    home,
    simulator,
    env,
    stateFolder,
    path: (...parts) => join(home, ...parts),
    write(path, text, mode = 0o600) {
      const file = join(home, path);
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(file, text, { mode });
      return file;
    },
    read: (path) => readFileSync(join(home, path), "utf8"),
    keyspring: (...args) => self.start(args).finished,
    start(args, more = {}) {
      const running = start(NODE, [KEYSPRING, ...args], { env, cwd: home, ...more });
      const finished = running.finished.then((result) => {
        keep(`keyspring ${args.join(" ")}`, result, HANDS_OUT.test(args[0] ?? ""));
        return result;
      });
      return { ...running, finished };
    },
    async run(program, args, { handsOut = false, ...more } = {}) {
      const result = await run(program, args, { env, cwd: home, ...more });
      keep(program, result, handsOut);
      return result;
    },
    saw: (what, text) => void captured.push({ what, text }),
  };
  const config = "config" in options ? options.config : ACME_CONFIG;
  if (config !== undefined) self.write(".config/keyspring/config.toml", config);
  (options.onFinished ?? onTestFinished)(async () => {
    const secrets = await simulator.control.secrets();
    await simulator.stop();
    const found = leaks([...captured, ...filesBelow(home)], secrets);
    rmSync(home, { recursive: true, force: true });
    if (found.length > 0) throw new Error(`secrets leaked:\n${[...new Set(found)].join("\n")}`);
  });
  return self;
}

/** Every file that the product or its clients left behind, but for those whose job is to hold secrets. */
function filesBelow(folder: string): Captured[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => !SECRET_PLACES.some((place) => place.test(path)) && isReadable(path))
    .map((path) => ({ what: path.slice(folder.length), text: readFileSync(path, "latin1") }));
}

/** Links may lead in a circle, and files may have gone meanwhile. */
function isReadable(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
