import type { EnvironmentFormat, Platform } from "@keyspring/core";

const BY_SHELL: Readonly<Record<string, EnvironmentFormat>> = {
  fish: "fish",
  pwsh: "powershell",
  powershell: "powershell",
  cmd: "cmd",
};

/** The syntax of the shell that runs this process, else of the user's login shell. */
export async function shellFormat(platform: Platform): Promise<EnvironmentFormat> {
  const caller = await platform.processes.caller().catch(() => undefined);
  for (const name of [caller?.name, platform.env["SHELL"]]) {
    const program = name
      ?.split(/[/\\]/)
      .at(-1)
      ?.replace(/^-/, "")
      .replace(/\.exe$/i, "")
      .toLowerCase();
    if (program === undefined) continue;
    const format = BY_SHELL[program];
    if (format !== undefined) return format;
    if (/^(?:ba|z|da|k|a)?sh$/.test(program)) return "sh";
  }
  if (platform.os !== "win32") return "sh";
  return platform.env["PSModulePath"] === undefined ? "cmd" : "powershell";
}
