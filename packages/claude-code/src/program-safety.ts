import type { FileFacts, Platform } from "@keyspring/core";
import { commandLine } from "./quote.ts";
import type { Finding } from "./types.ts";

/**
 * Looks at a program as a careful administrator would: there, a file, executable, and neither it nor a folder above it writable by
 * anybody but its user and root. `what` names the setting.
 */
export async function programFindings(platform: Platform, program: string, what: string): Promise<Finding[]> {
  const facts = await platform.files.facts(program).catch(() => undefined);
  if (facts === undefined)
    return [
      refusal(
        "missing",
        `${program} does not exist`,
        `Claude Code would run it for ${what} and get nothing.`,
        `Correct the path, or put the program there.`,
      ),
    ];
  if (facts.kind !== "file")
    return [refusal("not-a-file", `${program} is no file`, "Only a file can be run.", "Give the path of the program itself.")];
  if (platform.os === "win32") return [];
  const file = quoted(program);
  const findings: Finding[] = [];
  if (!runnable(facts, platform.user.uid))
    findings.push(
      refusal(
        "not-executable",
        `${program} is not executable for you`,
        'The shell would answer "Permission denied".',
        `Run: chmod u+rx ${file}`,
      ),
    );
  findings.push(...(await ownership(platform, program, facts)));
  return findings;
}

async function ownership(platform: Platform, program: string, facts: FileFacts): Promise<Finding[]> {
  const { files, path } = platform;
  const real = await files.realPath(program).catch(() => program);
  const findings = [...foreignOwner(platform, real, facts), ...writable(real, facts.mode & 0o022, facts.mode, OF_FILE)];
  let shared: Finding | undefined;
  for (let folder = path.dirname(real); ; folder = path.dirname(folder)) {
    const seen = await files.facts(folder);
    if (seen !== undefined) {
      findings.push(...foreignOwner(platform, folder, seen));
      if (!STICKY.has(folder)) findings.push(...writable(folder, seen.mode & 0o002, seen.mode, OF_FOLDER));
      // Homebrew and Debian make such folders for their administrators; one word about the nearest will do.
      if ((seen.mode & 0o022) === 0o020) shared ??= sharedFolder(folder);
    }
    if (path.dirname(folder) === folder) return shared === undefined ? findings : [...findings, shared];
  }
}

/** Everybody may write there, but nobody may touch what is another's. `FileFacts` do not show the bit that says so. */
const STICKY = new Set(["/tmp", "/var/tmp", "/dev/shm", "/private/tmp", "/private/var/tmp"]);
const OF_FILE = "Whoever writes it decides what runs as you, with your credentials.";
const OF_FOLDER = "Whoever writes the folder can put another program in this one's place.";

function foreignOwner({ user }: Platform, name: string, { uid }: FileFacts): Finding[] {
  if (uid === undefined || uid === user.uid || uid === 0) return [];
  const what = `${name} belongs to another user (uid ${uid})`;
  const owner = user.uid === 0 ? "root" : user.name;
  return [refusal("foreign-owner", what, "That user decides what runs as you.", `Run: sudo chown ${owner} ${quoted(name)}`)];
}

function writable(name: string, by: number, mode: number, why: string): Finding[] {
  if (by === 0) return [];
  const what = `${name} can be written by other users (mode ${mode.toString(8).padStart(4, "0")})`;
  return [refusal("writable-by-others", what, why, `Run: chmod go-w ${quoted(name)}`)];
}

function sharedFolder(folder: string): Finding {
  return {
    severity: "info",
    code: "writable-by-group",
    what: `${folder} can be written by its group`,
    why: OF_FOLDER,
    remedy: `If that group is more than its administrators, run: chmod g-w ${quoted(folder)}`,
  };
}

function runnable({ mode, uid: owner }: FileFacts, uid: number | undefined): boolean {
  if (uid === 0) return (mode & 0o111) !== 0;
  // Which groups the user is in is not known: the group's bit counts as good enough.
  return owner === uid ? (mode & 0o100) !== 0 : (mode & 0o011) !== 0;
}

const quoted = (word: string): string => commandLine("linux", [word]);

function refusal(code: string, what: string, why: string, remedy: string): Finding {
  return { severity: "error", code, what, why, remedy };
}
