export { applySettings } from "./apply.ts";
export { checkSettings, type AppliedBy, type CheckedSetting, type CheckedSettings } from "./check.ts";
export { judgeExportCommand, type ExportTrial } from "./judge-export.ts";
export { judgeRefreshCommand } from "./judge-refresh.ts";
export { settingsLocation } from "./location.ts";
export { planSettings, type PlanRequest, type SettingsPlan } from "./plan.ts";
export { readAllSettings, type EffectiveSetting, type SettingsFile, type SettingsView } from "./read.ts";
export { settingsRecords, type RecordedEntry, type SettingsRecord, type WrappedProfile } from "./records.ts";
export { applyRemoval, planRemoval, type RemovalPlan } from "./removal.ts";
export { commandFor, type CommandOptions } from "./stable-command.ts";
export type {
  CommandVerdict,
  DesiredHook,
  DesiredSettings,
  Finding,
  SettingsChange,
  SettingsLocation,
  SettingsScope,
  SettingsTarget,
  StableCommand,
} from "./types.ts";
