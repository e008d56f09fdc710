export type { AwsConfig, AwsEntry, AwsSection, AwsWarning } from "./aws/aws-config.ts";
export { readAwsConfig } from "./aws/read-aws-config.ts";
export {
  applyProfileBlock,
  planProfileBlock,
  planProfileBlockRemoval,
  type ProfileBlockPlan,
} from "./aws/write-profile-block.ts";
export type { ProfileBlock } from "./aws/profile-block.ts";
export {
  addToConfig,
  planConfigChange,
  type ConfigChange,
  type ConfigEdit,
  type WrittenConfigEdit,
} from "./config/add-to-config.ts";
export type { ClaudeDefaults, Config, ConfigProfile, Organization } from "./config/config.ts";
export { configJsonSchema } from "./config/json-schema.ts";
export { configFile, loadConfig } from "./config/load-config.ts";
export { parseConfig } from "./config/parse-config.ts";
export type { WrittenOrganization, WrittenProfile } from "./config/schema.ts";
export { folders, type Folders } from "./folders.ts";
export { endChildren } from "./platform/children.ts";
export { nodePlatform, type NodePlatformOptions } from "./platform/node-platform.ts";
export type { ChosenBy, Origin, ProfileSelection } from "./profile/profile-selection.ts";
export { selectProfile } from "./profile/select-profile.ts";
export { checkedFile, checkedFolder, notWritable, securedFolder } from "./secured.ts";
export { createErrorMemory, type ErrorMemory, type RememberedError } from "./state/error-memory.ts";
export { createFileStore } from "./state/file-store.ts";
export { createHandoutLedger } from "./state/handout-ledger.ts";
export { logLevel, openLog, readLog, type FileLog, type LogEntry, type LogLevel } from "./state/log.ts";
export { createNotes } from "./state/notes.ts";
export { createPendingSignIns } from "./state/pending-sign-ins.ts";
