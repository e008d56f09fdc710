export { CHAIN_VARIABLE, childEnvironment, inheritedChain } from "./child-environment.ts";
export { commandFailure, type CommandFacts } from "./failure.ts";
