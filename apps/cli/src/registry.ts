import { CredentialError, didYouMean, type CredentialSourcePlugin } from "@keyspring/core";

/** How a built-in source is reached: its code is loaded when a profile needs it. */
interface SourceEntry {
  load(): Promise<CredentialSourcePlugin>;
}

/** The sources that come with Keyspring. The only place that names their packages. */
const BUILT_IN: Readonly<Record<string, SourceEntry>> = {
  sso: { load: async () => erased((await import("@keyspring/source-sso")).ssoPlugin) },
  script: { load: async () => erased((await import("@keyspring/source-script")).scriptPlugin) },
  process: { load: async () => erased((await import("@keyspring/source-process")).processPlugin) },
};

const BUILT_IN_SOURCES: readonly string[] = Object.keys(BUILT_IN);

/** The plugin that `source = "id"` names. */
export async function loadSource(id: string, profile: string): Promise<CredentialSourcePlugin> {
  if (Object.hasOwn(BUILT_IN, id)) return BUILT_IN[id]!.load();
  const meant = didYouMean(id, BUILT_IN_SOURCES);
  throw new CredentialError("NOT_CONFIGURED", `profile ${profile} uses the source \`${id}\`, which is not here`, {
    remedy:
      meant === undefined
        ? `Correct source in config.toml; there are: ${BUILT_IN_SOURCES.join(", ")}.`
        : `Did you mean \`${meant}\`? Correct it in config.toml.`,
  });
}

/** Options are checked by the plugin's own schema at run time, so its type may be forgotten here. */
function erased<Options>(plugin: CredentialSourcePlugin<Options>): CredentialSourcePlugin {
  return plugin;
}
