import type { Platform } from "@keyspring/core";

const RUNNERS: readonly (readonly [RegExp, string])[] = [
  [/[/\\]_npx[/\\]/, "npx"],
  [/[/\\]xfs-[\da-f]+[/\\]dlx-/, "yarn dlx"],
  [/[/\\]pnpm[/\\]dlx[/\\-]|[/\\]dlx-\d+/, "pnpm dlx"],
  [/[/\\]bunx-\d*-?[^/\\]*[/\\]/, "bunx"],
];

/** The package runner whose cache the path lies in. */
export function runnerCache(path: string): string | undefined {
  return RUNNERS.find(([pattern]) => pattern.test(path))?.[1];
}

/** Says in words that the path lies in a folder that the system empties. */
export async function fleetingBecause(platform: Platform, file: string): Promise<string | undefined> {
  const { env, files, home } = platform;
  const named = ["TMPDIR", "TEMP", "TMP"].map((name) => env[name]).filter((folder) => folder !== undefined && folder !== "");
  const known =
    platform.os === "win32" ? [] : ["/tmp", "/var/tmp", "/dev/shm", "/private/tmp", "/private/var/folders", "/var/folders"];
  for (const folder of [...known, ...(named as string[])]) {
    // Where the home folder itself is temporary, what lies in it stays as long as it does.
    if (isWithin(platform, home, folder) && isWithin(platform, file, home)) continue;
    const real = await files.realPath(folder).catch(() => folder);
    if (isWithin(platform, file, folder) || isWithin(platform, file, real)) return `the temporary folder ${folder}`;
  }
  return /\\AppData\\Local\\Temp\\/i.test(file) ? "the temporary folder of Windows" : undefined;
}

/** True if the next update puts the file under another path. */
export function isVersionFolder(path: string): boolean {
  return /[/\\](?:Cellar[/\\][^/\\]+[/\\]\d|(?:[^/\\]+@|v?)\d+\.\d+\.\d+[/\\])/.test(path);
}

function isWithin({ path, os }: Platform, file: string, folder: string): boolean {
  const [a, b] = os === "win32" ? [file.toLowerCase(), folder.toLowerCase()] : [file, folder];
  const relation = path.relative(b, a);
  return relation !== "" && !relation.startsWith("..") && !path.isAbsolute(relation);
}
