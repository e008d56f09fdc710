export { CHAIN_VARIABLE, childEnvironment } from "./child-environment.ts";
export { commandFailure, type CommandFacts } from "./failure.ts";
