import type { EnvironmentFormat, Platform } from "@keyspring/core";

const BY_SHELL: Readonly<Record<string, EnvironmentFormat>> = {
  fish: "fish",
  pwsh: "powershell",
  powershell: "powershell",
  cmd: "cmd",
};

/** The syntax of the shell that started this process and will read what it prints, else of the user's login shell. */
export async function shellFormat(platform: Platform): Promise<EnvironmentFormat> {
  for (const name of [await parentName(platform), platform.env["SHELL"]]) {
    const program = name
      ?.trim()
      .split(/[/\\]/)
      .at(-1)
      ?.replace(/^-/, "")
      .replace(/\.exe$/i, "")
      .toLowerCase();
    if (program === undefined) continue;
    const format = BY_SHELL[program];
    if (format !== undefined) return format;
    if (/^(?:ba|z|da|k|mk|a)?sh$/.test(program)) return "sh";
  }
  if (platform.os !== "win32") return "sh";
  return platform.env["PSModulePath"] === undefined ? "cmd" : "powershell";
}

/** The program of the very process that started this one: `processes.caller` looks through shells, and here a shell is what is looked for. */
async function parentName({ os, self, files, processes, env }: Platform): Promise<string | undefined> {
  const pid = String(self.parentPid);
  if (os === "linux") return files.readText(`/proc/${pid}/comm`).catch(() => undefined);
  if (os === "win32") return undefined;
  const ps = ["/bin/ps", "-o", "comm=", "-p", pid] as const;
  const asked = processes.run({ command: ps, env, signal: AbortSignal.timeout(2_000), streams: "closed" });
  return asked.then(
    ({ stdout }) => stdout,
    () => undefined,
  );
}
