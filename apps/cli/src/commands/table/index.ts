import type { CommandSpec } from "../../command.ts";
import { completeSpec, completionSpec } from "./completion.ts";
import { demoSpec } from "./demo.ts";
import { deliverySpecs } from "./delivery.ts";
import { inspectionSpecs } from "./inspection.ts";
import { settingsSpecs } from "./settings.ts";
import { signInSpecs } from "./sign-in.ts";

/** Words for the groups of commands, shown by `keyspring --help`. */
export const GROUPS: Readonly<Record<string, string>> = {
  settings: "read and write Claude Code's AWS settings",
};

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly CommandSpec[] = [
  ...settingsSpecs,
  ...deliverySpecs,
  ...signInSpecs,
  ...inspectionSpecs,
  demoSpec,
  completionSpec,
  completeSpec,
];
