export type {
  CommandVerdict,
  DesiredHook,
  DesiredSettings,
  Finding,
  SettingsChange,
  SettingsLocation,
  SettingsPlan,
  SettingsScope,
  SettingsTarget,
  StableCommand,
} from "./types.ts";
