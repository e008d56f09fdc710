import { KEYSPRING, NODE, type House } from "./house.ts";

/** The line that `~/.aws/config` has for Keyspring. */
export const CREDENTIAL_PROCESS = `${NODE} ${KEYSPRING} process --profile acme`;

/** Gives every AWS SDK and tool in the house a profile `via-keyspring` whose credentials come from `keyspring process`. */
export function writeViaKeyspring(house: House): void {
  house.write(".aws/config", `[profile via-keyspring]\nregion = us-east-1\ncredential_process = ${CREDENTIAL_PROCESS}\n`);
}
