export { CHAIN_VARIABLE, childEnvironment, commandFailure, inheritedChain, type CommandFacts } from "./command/index.ts";
export { formatDuration, parseDuration } from "./duration.ts";
export {
  CredentialError,
  ERROR_CATALOGUE,
  exitCodeOf,
  invalidConfiguration,
  isCredentialError,
  shellWord,
  signInRequired,
  sourceFailed,
  type ErrorCode,
} from "./errors.ts";
export { maskedAccessKeyId, protectedIdentity, remainingLife, type AwsCredentialIdentity } from "./identity.ts";
export { silentLog, type Log, type LogFacts } from "./log.ts";
export { checkOptions, type OptionPlace } from "./options.ts";
export type {
  Caller,
  Clock,
  Deadline,
  FileFacts,
  Files,
  Http,
  HttpAnswer,
  HttpRequest,
  InPlaceRequest,
  InPlaceResult,
  Lock,
  Locks,
  PathTools,
  Platform,
  Processes,
  RunRequest,
  RunResult,
  SelfProcess,
} from "./platform.ts";
export { createRedactor, withoutSecretShapes, type Redactor } from "./redact.ts";
export { ENOUGH_LIFE, isFreshEnough, isUsable } from "./refresh.ts";
export type { Consumer } from "./rejection.ts";
export { createResolver, type Resolver, type ResolverParts, type ResolveOptions, type Target } from "./resolver.ts";
export { signIn, type PendingSignIn, type PendingSignIns, type SignInOptions, type SignInParts } from "./sign-in.ts";
export {
  defineCredentialSource,
  type CredentialRequest,
  type CredentialSource,
  type CredentialSourcePlugin,
  type Interaction,
  type Notes,
  type SessionState,
  type SignInPrompt,
  type SourceContext,
} from "./source.ts";
export type { StandardIssue, StandardResult, StandardSchemaV1 } from "./standard-schema.ts";
export type { CredentialStore, Handout, HandoutLedger, StoredCredentials } from "./store.ts";
export { didYouMean } from "./suggest.ts";
export { shownLine, shownTail, withoutTerminalCodes } from "./terminal-text.ts";
export {
  checkedIdentity,
  CREDENTIAL_VARIABLES,
  credentialVariables,
  ENVIRONMENT_FORMATS,
  invalidOutput,
  parseAnyCredentials,
  parseContainerCredentials,
  parseContainerError,
  parseEnvironment,
  parseExpiration,
  parseExportCredentials,
  parseIniSection,
  parseProcessCredentials,
  printContainerCredentials,
  printContainerError,
  printEnvironment,
  printExpiration,
  printExportCredentials,
  printIniSection,
  printProcessCredentials,
  withoutCredentialVariables,
  type ContainerError,
  type EnvironmentFormat,
  type OutputShape,
  type ParsedOutput,
  type Variables,
} from "./wire/index.ts";
