import {
  CredentialError,
  credentialVariables,
  printEnvironment,
  type EnvironmentFormat,
  type Platform,
  type Variables,
} from "@keyspring/core";
import { text, type CommandInput } from "../command.ts";
import { errandFor, obtain, within } from "../obtain.ts";
import type { Services } from "../services.ts";
import { shellFormat } from "../shell-format.ts";

const DEADLINE = 15_000;

export async function runEnv(services: Services, input: CommandInput): Promise<void> {
  if (input.options["endpoint"] === true)
    throw new CredentialError("USAGE", "env --endpoint needs the daemon, which this version does not have", {
      remedy: "Leave --endpoint out: then the credentials themselves are printed.",
    });
  const format = (text(input, "format") as EnvironmentFormat | undefined) ?? (await shellFormat(services.platform));
  const errand = await errandFor(services, text(input, "profile"));
  const { identity } = await within(services, DEADLINE, (signal) => obtain(services, errand, { signal }));
  const { region } = errand.selection;
  const variables = credentialVariables(identity, region === undefined ? {} : { region });
  services.terminal.out(`${printEnvironment(variables, format, leftOvers(format, variables, services.platform.env))}\n`);
}

/** What belongs to somebody else and would be used together with these assignments, or win over them. */
const MISLEADING = [
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_SESSION_TOKEN",
  "AWS_SECURITY_TOKEN",
  "AWS_CREDENTIAL_EXPIRATION",
  "AWS_ACCOUNT_ID",
  "AWS_BEARER_TOKEN_BEDROCK",
];

function leftOvers(format: EnvironmentFormat, variables: Variables, env: Platform["env"]): readonly string[] {
  const isFile = format === "dotenv" || format === "json";
  return isFile ? [] : MISLEADING.filter((name) => env[name] !== undefined && !(name in variables));
}
