import type { Platform } from "@keyspring/core";

/** The program that a shell would start for `name`: the path itself, or the first match in PATH. Built-ins are not known. */
export async function findProgram(platform: Platform, name: string, cwd: string): Promise<string | undefined> {
  const { path, os, env, files } = platform;
  const suffixes = os === "win32" ? ["", ...(env["PATHEXT"] ?? ".COM;.EXE;.BAT;.CMD").split(";")] : [""];
  const folders = /[/\\]/.test(name)
    ? [cwd]
    : (env["PATH"] ?? env["Path"] ?? "").split(path.delimiter).filter((folder) => folder !== "");
  for (const folder of folders)
    for (const suffix of suffixes) {
      const candidate = path.resolve(folder, `${name}${suffix}`);
      const facts = await files.facts(candidate).catch(() => undefined);
      const fit = facts?.kind === "file" && (os === "win32" || /\//.test(name) || (facts.mode & 0o111) !== 0);
      if (fit) return candidate;
    }
  return undefined;
}
