export { PROCESS_OPTION_KEYS, processOptionsSchema, type ProcessOptions } from "./options.ts";
export { processPlugin } from "./plugin.ts";
export { shlexSplit } from "./shlex.ts";
export { windowsSplit } from "./windows-split.ts";
