import { invalidConfiguration, type Platform } from "@keyspring/core";
import { commandLine } from "./quote.ts";
import type { Finding, StableCommand } from "./types.ts";
import { fleetingBecause, isVersionFolder, runnerCache } from "./fleeting.ts";

export interface CommandOptions {
  /** Accept a program in a temporary folder, with a warning (for trials and tests). Package runners' caches are refused all the same. */
  readonly allowTemporary?: boolean;
  /** Begin with `exec` (not on Windows), so that no shell stays between Claude Code and the program. */
  readonly exec?: boolean;
}

/**
 * The command line that runs this very Keyspring with `words`, in a form that will still work tomorrow: absolute, quoted, through
 * links that survive an update rather than through the version folders that they lead to today.
 * @throws CredentialError INVALID_CONFIGURATION if this Keyspring itself will not be there tomorrow
 */
export async function commandFor(
  platform: Platform,
  words: readonly string[],
  options: CommandOptions = {},
): Promise<StableCommand> {
  const { os, self } = platform;
  const program = await programOf(platform);
  const findings: Finding[] = [];
  for (const file of program) {
    const real = await realOf(platform, file);
    const runner = runnerCache(file) ?? runnerCache(real);
    if (runner !== undefined) throw fleeting(self.script, `the cache of ${runner}, which empties it when it likes`);
    const reason = (await fleetingBecause(platform, file)) ?? (await fleetingBecause(platform, real));
    if (reason !== undefined && options.allowTemporary !== true && !(await isCheckout(platform, real)))
      throw fleeting(file, reason);
    if (reason !== undefined) findings.push(temporary(file, reason));
    else if (isVersionFolder(file)) findings.push(versioned(file));
  }
  const argv = [...program, ...words];
  const line = commandLine(os, argv);
  return { argv, line: options.exec === true && os !== "win32" ? `exec ${line}` : line, findings };
}

/** Interpreter and script, or the standalone executable alone. */
async function programOf(platform: Platform): Promise<string[]> {
  const { execPath, script } = platform.self;
  const standalone = script === execPath || (await realOf(platform, script)) === (await realOf(platform, execPath));
  if (standalone) return [await stablePath(platform, execPath, platform.path.basename(execPath))];
  return [
    await stablePath(platform, execPath, platform.os === "win32" ? "node.exe" : "node"),
    // On Windows the entry in PATH is a batch file, which Node cannot run as a script.
    platform.os === "win32" ? script : await stablePath(platform, script, "keyspring"),
  ];
}

/** The path that leads to `file` and is likeliest to do so after an update: a link in PATH, a known alias, the file itself. */
async function stablePath(platform: Platform, file: string, name: string): Promise<string> {
  const real = await realOf(platform, file);
  for (const candidate of [...inSearchPath(platform, name), ...aliases(platform, real)]) {
    if (isVersionFolder(candidate) || /\/fnm_multishells\//.test(candidate)) continue;
    if ((await fleetingBecause(platform, candidate)) !== undefined || runnerCache(candidate) !== undefined) continue;
    if ((await realOf(platform, candidate)) === real) return candidate;
  }
  const perShell = /[/\\]fnm_multishells[/\\]/.test(file);
  return perShell ? real : file;
}

function inSearchPath({ env, path }: Platform, name: string): string[] {
  const folders = (env["PATH"] ?? env["Path"] ?? "").split(path.delimiter);
  return folders.filter((folder) => path.isAbsolute(folder)).map((folder) => path.join(folder, name));
}

/** Names that Homebrew and fnm keep for the version in use. */
function aliases({ env, home, path }: Platform, real: string): string[] {
  const cellar = /^(.*)\/Cellar\/([^/]+)\/[^/]+\/(.*)$/.exec(real);
  const brew = cellar === null ? [] : [`${cellar[1]}/bin/${path.basename(real)}`, `${cellar[1]}/opt/${cellar[2]}/${cellar[3]}`];
  const fnm = env["FNM_DIR"] ?? path.join(home, ".local", "share", "fnm");
  return real.includes("/node-versions/") ? [...brew, path.join(fnm, "aliases", "default", "bin", "node")] : brew;
}

async function realOf({ files }: Platform, file: string): Promise<string> {
  try {
    return await files.realPath(file);
  } catch {
    return file;
  }
}

/** Somebody works on Keyspring itself: such a folder is theirs to keep, wherever it is. */
async function isCheckout({ files, path }: Platform, script: string): Promise<boolean> {
  for (let folder = path.dirname(script); path.dirname(folder) !== folder; folder = path.dirname(folder)) {
    if ((await files.facts(path.join(folder, "pnpm-workspace.yaml"))) !== undefined) return true;
  }
  return false;
}

function fleeting(file: string, reason: string): Error {
  return invalidConfiguration(
    `Claude Code would call ${file}, which will not stay: it lies in ${reason}`,
    "Install Keyspring for good and run the command again: npm install -g keyspring",
  );
}

function temporary(file: string, reason: string): Finding {
  return {
    severity: "warning",
    code: "temporary-program",
    what: `${file} lies in ${reason}`,
    why: "When it is gone Claude Code gets no credentials.",
    remedy: "Install Keyspring for good and apply again: npm install -g keyspring",
  };
}

function versioned(file: string): Finding {
  return {
    severity: "info",
    code: "versioned-program",
    what: `${file} belongs to one version and goes with it`,
    why: "When that version is uninstalled Claude Code gets no credentials.",
    remedy: "After changing versions run: npm install -g keyspring && keyspring settings apply",
  };
}
