import { simulatorControl } from "./control/client.ts";
import { checked } from "./control/schemas.ts";
import { controlHandlers } from "./control/operations.ts";
import { controlRoutes } from "./control/routes.ts";
import type { SettingsChange, SimulatorControl } from "./control/types.ts";
import {
  completeOrganization,
  DEFAULT_ORGANIZATION,
  type Organization,
  type OrganizationInput,
} from "./identity-center/organization.ts";
import { listen } from "./http/listen.ts";
import { createServer } from "./server.ts";
import { randomText } from "./state/secrets.ts";
import { createWorld, resetWorld } from "./state/world.ts";

export interface SimulatorOptions {
  /** Of 127.0.0.1; a free one when absent or 0. */
  readonly port?: number;
  /** What may drive `control`; random when absent. */
  readonly controlToken?: string;
  /** What exists at the start and after `reset`; one organization, `DEFAULT_ORGANIZATION`, when absent. */
  readonly organizations?: readonly OrganizationInput[];
  /** Settings at the start and after `reset`. */
  readonly settings?: SettingsChange;
}

export interface Simulator {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly controlToken: string;
  /** What makes AWS SDKs, the AWS CLI and Claude Code talk to it; to be merged over a process's environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly control: SimulatorControl;
  /** Those it was started with, complete: start URLs, accounts, roles and users to use in tests. */
  readonly organizations: readonly Organization[];
  /** Closes every connection; resolves when the port is free. */
  stop(): Promise<void>;
}

/** Starts a simulated AWS on loopback. Everything it knows is in memory and goes with `stop`. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, controlToken = randomText(24), organizations = [DEFAULT_ORGANIZATION], settings = {} } = options;
  const given = organizations.map((input) => completeOrganization(checked("createOrganization", input)));
  const world = createWorld();
  const begin = async (): Promise<void> => {
    resetWorld(world);
    for (const organization of given) await handlers.createOrganization(organization);
    await handlers.configure(checked("configure", settings));
  };
  const handlers = controlHandlers(world, begin);
  await begin();

  const server = await listen(createServer(world, controlRoutes(handlers, controlToken)), port);
  world.url = `http://127.0.0.1:${server.port}`;
  return {
    url: world.url,
    controlToken,
    environment: environmentFor(world.url),
    control: simulatorControl(world.url, controlToken),
    organizations: given,
    stop: () => server.close(),
  };
}

/** The variables of https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html, and Claude Code's own. */
export function environmentFor(url: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_ENDPOINT_URL_SSO: url,
    AWS_ENDPOINT_URL_SSO_OIDC: url,
    AWS_ENDPOINT_URL_STS: url,
    AWS_ENDPOINT_URL_BEDROCK: url,
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url,
    ANTHROPIC_BEDROCK_BASE_URL: url,
  };
}
