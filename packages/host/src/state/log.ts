import type { Log, LogFacts, Platform, Redactor } from "@keyspring/core";
import type { Folders } from "../folders.ts";
import { securedFolder } from "../secured.ts";

const ROTATE_ABOVE = 1024 * 1024;
/** keyspring.log, keyspring.log.1, keyspring.log.2 */
const KEPT = 3;
const LEVELS = ["debug", "info", "warn", "error", "silent"] as const;

export type LogLevel = (typeof LEVELS)[number];

/** The log of this user. Lines are written one after the other in the background. */
export interface FileLog extends Log {
  /** Resolves when everything said so far is written. Never rejects. To be awaited before the process exits. */
  flush(): Promise<void>;
}

/** One line of the log. */
export interface LogEntry {
  /** ISO 8601. */
  readonly time: string;
  readonly level: Exclude<LogLevel, "silent">;
  readonly pid: number;
  readonly message: string;
  readonly facts: LogFacts;
}

/** `KEYSPRING_LOG_LEVEL`: debug, info, warn, error or silent; anything else is info. */
export function logLevel(platform: Platform): LogLevel {
  const wanted = platform.env["KEYSPRING_LOG_LEVEL"]?.toLowerCase();
  return LEVELS.find((level) => level === wanted) ?? "info";
}

/**
 * JSON lines in `<state>/log/keyspring.log`, 0600, at most three files of 1 MiB. Known secrets and whatever looks like one are masked.
 * A log that cannot be written, or only where others may write too, is no reason to fail: nothing here ever throws.
 */
export function openLog(
  platform: Platform,
  folders: Folders,
  redactor: Redactor,
  level: LogLevel = logLevel(platform),
): FileLog {
  const file = logFile(platform, folders);
  let last: Promise<void> = Promise.resolve();
  let secured: Promise<void> | undefined;
  const add = async (line: string): Promise<void> => {
    await (secured ??= securedFolder(platform, folders.state));
    await write(platform, file, line);
  };
  const say = (of: LogEntry["level"], message: string, facts: LogFacts = {}): void => {
    if (LEVELS.indexOf(of) < LEVELS.indexOf(level)) return;
    const time = new Date(platform.clock.now()).toISOString();
    const clean = Object.entries(facts).map(([name, fact]) => [name, typeof fact === "string" ? redactor.redact(fact) : fact]);
    const line = { time, level: of, pid: platform.self.pid, message: redactor.redact(message), ...Object.fromEntries(clean) };
    last = last.then(() => add(`${JSON.stringify(line)}\n`)).catch(() => undefined);
  };
  return {
    debug: (message, facts) => say("debug", message, facts),
    info: (message, facts) => say("info", message, facts),
    warn: (message, facts) => say("warn", message, facts),
    error: (message, facts) => say("error", message, facts),
    flush: () => last,
  };
}

/** The newest lines, oldest first. Lines that are torn or foreign are left out. */
export async function readLog(platform: Platform, folders: Folders, count: number): Promise<LogEntry[]> {
  const file = logFile(platform, folders);
  let entries = parse((await platform.files.readText(file)) ?? "");
  for (let old = 1; old < KEPT && entries.length < count; old += 1)
    entries = [...parse((await platform.files.readText(`${file}.${old}`)) ?? ""), ...entries];
  return entries.slice(-count);
}

function logFile({ path }: Platform, folders: Folders): string {
  return path.join(folders.state, "log", "keyspring.log");
}

async function write(platform: Platform, file: string, line: string): Promise<void> {
  await platform.files.append(file, line, { mode: 0o600 });
  if (await isFull(platform, file)) await rotate(platform, file);
}

async function isFull(platform: Platform, file: string): Promise<boolean> {
  return ((await platform.files.facts(file))?.size ?? 0) > ROTATE_ABOVE;
}

/** One process rotates; the others write on meanwhile. */
async function rotate(platform: Platform, file: string): Promise<void> {
  const lock = await platform.locks.tryAcquire(`${file}.lock`);
  if (lock === undefined) return;
  try {
    if (!(await isFull(platform, file))) return;
    for (let old = KEPT - 1; old > 0; old -= 1) {
      const from = old === 1 ? file : `${file}.${old - 1}`;
      if ((await platform.files.facts(from)) !== undefined) await platform.files.rename(from, `${file}.${old}`);
    }
  } finally {
    await lock.release();
  }
}

function parse(text: string): LogEntry[] {
  return text.split("\n").flatMap((line) => {
    try {
      const { time, level, pid, message, ...facts } = JSON.parse(line) as Omit<LogEntry, "facts"> & LogFacts;
      if (typeof time !== "string" || typeof message !== "string" || !LEVELS.includes(level)) return [];
      return [{ time, level, pid, message, facts }];
    } catch {
      return [];
    }
  });
}
