import { printProcessCredentials } from "@keyspring/core";
import { refusedProcessLine } from "../claude/refused-credentials.ts";
import { text, type CommandInput } from "../command.ts";
import { consumerOf, errandFor, remember, within, type Errand } from "../obtain.ts";
import type { Services } from "../services.ts";
import { EXPORT_DEADLINE, obtainOrJoin } from "./export.ts";

export async function runProcess(services: Services, input: CommandInput): Promise<void> {
  const consumer = await consumerOf(services, "process", input.options["guard"] === true);
  let errand: Errand | undefined;
  let line: string;
  try {
    errand = await within(services, EXPORT_DEADLINE, () => errandFor(services, text(input, "profile")));
    line = printProcessCredentials((await obtainOrJoin(services, errand, consumer)).identity);
  } catch (error) {
    if (input.options["guard"] !== true) throw error;
    await remember(services, errand?.target.profile ?? "", error);
    line = refusedProcessLine(services.platform.clock.now());
  }
  services.terminal.out(`${line}\n`);
}
