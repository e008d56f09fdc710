import { printEnvironment, type EnvironmentFormat } from "@keyspring/core";
import { text, type CommandInput } from "../command.ts";
import { errandFor, obtain, within } from "../obtain.ts";
import type { Services } from "../services.ts";
import { shellFormat } from "../shell-format.ts";

const DEADLINE = 15_000;

export async function runEnv(services: Services, input: CommandInput): Promise<void> {
  const format = (text(input, "format") as EnvironmentFormat | undefined) ?? (await shellFormat(services.platform));
  const errand = await errandFor(services, text(input, "profile"));
  const { identity } = await within(services, DEADLINE, (signal) => obtain(services, errand, { signal }));
  const { region } = errand.selection;
  services.terminal.out(printEnvironment(identity, format, region === undefined ? {} : { region }));
}
