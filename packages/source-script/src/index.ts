export { SCRIPT_OPTION_KEYS, scriptOptionsSchema, type ScriptOptions } from "./options.ts";
export { scriptPlugin } from "./plugin.ts";
