export { PROCESS_OPTION_KEYS, processOptionsSchema, type ProcessOptions } from "./options.ts";
export { processPlugin } from "./plugin.ts";
