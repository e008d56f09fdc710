import { printProcessCredentials } from "@keyspring/core";
import { text, type CommandInput } from "../command.ts";
import { consumerOf, errandFor, within } from "../obtain.ts";
import type { Services } from "../services.ts";
import { EXPORT_DEADLINE, obtainOrJoin } from "./export.ts";

/** SDKs run a credential_process two to six times at one start; only later runs mean that AWS refused the answer. */
const BURST = 5_000;

export async function runProcess(services: Services, input: CommandInput): Promise<void> {
  const errand = await within(services, EXPORT_DEADLINE, () => errandFor(services, text(input, "profile")));
  const entry = await obtainOrJoin(services, errand, await consumerOf(services, BURST));
  services.terminal.out(`${printProcessCredentials(entry.identity)}\n`);
}
