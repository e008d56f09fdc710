import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { parseDuration } from "@keyspring/core";
import type { SettingsChange } from "./control/types.ts";
import type { OrganizationInput } from "./identity-center/organization.ts";
import type { SimulatorOptions } from "./simulator.ts";

export const usage = `keyspring-aws-simulator: IAM Identity Center, STS and Bedrock on 127.0.0.1, until SIGTERM

  --port N                    the port; a free one when absent
  --control-token TEXT        what may drive /_control; random when absent. The environment variable
                              KEYSPRING_SIMULATOR_CONTROL_TOKEN keeps it out of the process list
  --organizations FILE        JSON: a list of organizations as createOrganization takes them
  --role-lifetime 60s         what role credentials claim to live
  --enforced-role-lifetime T  when they are refused, if that differs
  --access-token-lifetime T
  --session-lifetime T
  --auto-approve [USER]       sign-ins need no person; --auto-approve= for the first user
  --auto-approve-delay T
  --help

Prints one line of JSON, {"url","controlToken","environment"}, once it listens.
`;

/** @throws Error in words for the person who typed it */
export function optionsFrom(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): SimulatorOptions | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: "string" },
      "control-token": { type: "string" },
      organizations: { type: "string" },
      "role-lifetime": { type: "string" },
      "enforced-role-lifetime": { type: "string" },
      "access-token-lifetime": { type: "string" },
      "session-lifetime": { type: "string" },
      "auto-approve": { type: "string" },
      "auto-approve-delay": { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) return "help";
  const controlToken = values["control-token"] ?? environment["KEYSPRING_SIMULATOR_CONTROL_TOKEN"];
  const autoApprove = values["auto-approve"];
  return {
    ...(values.port === undefined ? {} : { port: portFrom(values.port) }),
    ...(controlToken === undefined ? {} : { controlToken }),
    ...(values.organizations === undefined ? {} : { organizations: organizationsFrom(values.organizations) }),
    settings: {
      ...duration("roleLifetime", "--role-lifetime", values["role-lifetime"]),
      ...duration("enforcedRoleLifetime", "--enforced-role-lifetime", values["enforced-role-lifetime"]),
      ...duration("accessTokenLifetime", "--access-token-lifetime", values["access-token-lifetime"]),
      ...duration("sessionLifetime", "--session-lifetime", values["session-lifetime"]),
      ...(autoApprove === undefined
        ? {}
        : {
            autoApprove: {
              ...(autoApprove === "" ? {} : { userName: autoApprove }),
              ...duration("delay", "--auto-approve-delay", values["auto-approve-delay"]),
            },
          }),
    } satisfies SettingsChange,
  };
}

function portFrom(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port: ${text} is no port`);
  return port;
}

function duration<Name extends string>(name: Name, flag: string, text: string | undefined): { [Key in Name]?: number } {
  if (text === undefined) return {};
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) throw new Error(`${flag}: ${text} is no duration such as 60s or 1h30m`);
  return { [name]: milliseconds } as { [Key in Name]: number };
}

/** Their shape is checked where they are created. */
function organizationsFrom(file: string): OrganizationInput[] {
  const value: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (!Array.isArray(value)) throw new Error(`--organizations: ${file} holds no list`);
  return value as OrganizationInput[];
}
