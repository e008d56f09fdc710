import { spawnSync } from "node:child_process";
import { chownSync, lstatSync, readdirSync, readFileSync, readlinkSync, type Dirent } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../apps/cli/src/commands/table/index.ts";
import { expectFailure } from "../lib/expect.ts";
import { house, KEYSPRING, NODE, type House, type HouseOptions } from "../lib/house.ts";
import type { Finished } from "../lib/process.ts";
import { IS_ROOT, missing, refuseToSkip, type Need } from "./needs.ts";

/** One state of a machine in which a command must fail, and how. */
export interface BadCase {
  readonly state: string;
  readonly options?: HouseOptions;
  /** Makes the state. What is there afterwards must be there, byte for byte, when the command has failed. */
  arrange?(house: House): unknown;
  readonly argv: readonly string[] | ((house: House) => readonly string[]);
  readonly exitCode: number;
  /** The first line: what is wrong. */
  readonly what: RegExp;
  /** The second line: what to do. */
  readonly next: RegExp;
  readonly needs?: readonly Need[];
  /** Where file permissions must bind, which they do not for root. */
  readonly ordinaryUser?: boolean;
  /** Runs the command line that is given to it in some other way than plainly. */
  readonly through?: (house: House, command: readonly string[]) => readonly string[];
  /** Lines for people that come before the two of the error. */
  readonly progress?: boolean;
  /** Exit code of the same command after the second line's command was pasted into a shell. */
  readonly mended?: number;
  /** What is meant to change: a token that was renewed on the way. */
  readonly changes?: RegExp;
  /** More to look at afterwards. */
  check?(house: House, result: Finished): unknown;
}

/** The lines of an error are held to the contract; the home must be as it was but for Keyspring's own state. */
export function badCases(family: string, cases: readonly BadCase[]): void {
  describe.concurrent(family, () => {
    for (const one of cases)
      it(one.state, async ({ onTestFinished, skip }) => {
        const lacking = missing(one.needs ?? []);
        if (lacking !== undefined) skip(refuseToSkip(lacking));
        const at = await house({ ...one.options, onFinished: onTestFinished });
        // Last in, first out: before the house is searched and torn down.
        if (!IS_ROOT) onTestFinished(() => void spawnSync("chmod", ["-R", "u+rwX", at.home]));
        await hold(one, at);
      });
  });
}

async function hold(one: BadCase, at: House): Promise<void> {
  await one.arrange?.(at);
  if (one.ordinaryUser === true && IS_ROOT) giveTo(at.home);
  const before = snapshot(at.home);
  const result = await runCase(one, at);
  expectFailed(result, one);
  const gone = lost(before, snapshot(at.home)).filter((path) => one.changes?.test(path) !== true);
  expect(gone, "files lost or changed").toEqual([]);
  await one.check?.(at, result);
  if (one.mended === undefined) return;
  const [, remedy = ""] = errorLines(result, one);
  const pasted = /\b[Rr]un: (.*)$/.exec(remedy)?.[1];
  expect(pasted, `no command in: ${remedy}`).toBeDefined();
  const done = await at.run("/bin/sh", ["-c", `keyspring() { "${NODE}" "${KEYSPRING}" "$@"; }\n${pasted}`], { handsOut: true });
  expect({ pasted, exitCode: done.exitCode, stderr: done.stderr }).toMatchObject({ exitCode: 0 });
  const again = await runCase(one, at);
  expect(again.exitCode, again.stderr).toBe(one.mended);
}

async function runCase({ argv, through, ordinaryUser }: BadCase, at: House): Promise<Finished> {
  const words = typeof argv === "function" ? argv(at) : argv;
  let command: readonly string[] = [NODE, KEYSPRING, ...words];
  if (through !== undefined) command = through(at, command);
  if (ordinaryUser === true && IS_ROOT) command = [...AS_ORDINARY_USER, ...command];
  if (command[0] === NODE) return at.keyspring(...words);
  const handsOut = /^(?:export|process|env|exec)$/.test(words[0] ?? "");
  return at.run(command[0]!, command.slice(1), { handsOut });
}

const ORDINARY_USER = 54_321;
const AS_ORDINARY_USER = ["setpriv", `--reuid=${ORDINARY_USER}`, `--regid=${ORDINARY_USER}`, "--clear-groups", "--"];

function giveTo(folder: string): void {
  for (const path of [folder, ...everythingBelow(folder)]) chownSync(path, ORDINARY_USER, ORDINARY_USER);
}

function expectFailed(result: Finished, one: BadCase): void {
  if (one.progress !== true) expectFailure(result, one.exitCode);
  else expect({ exitCode: result.exitCode, stderr: result.stderr }).toMatchObject({ exitCode: one.exitCode });
  const [what = "", next = ""] = errorLines(result, one);
  expect(what).toMatch(one.what);
  expect(what).toMatch(/^keyspring: \S/);
  expect(next).toMatch(one.next);
  expect(result.stderr).not.toMatch(/^\s+at .*:\d+|\[object |undefined|NaN/m);
  expect(unknownCommands(next), next).toEqual([]);
}

/** The two lines of the error, wherever progress ends. */
function errorLines({ stderr }: Finished, { progress }: BadCase): string[] {
  const lines = stderr.trimEnd().split("\n");
  return progress === true ? lines.slice(-2) : lines;
}

/** `keyspring …` in a remedy that no command answers to. */
export function unknownCommands(text: string): string[] {
  const paths = COMMANDS.map(({ path }) => path);
  const groups = new Set(paths.filter((path) => path.includes(" ")).map((path) => path.split(" ")[0]!));
  const isKnown = (words: string): boolean => {
    const [first = "", second] = words.split(" ");
    // Behind a command that is no group, the next word is the sentence's.
    return groups.has(first) ? second === undefined || paths.includes(words) : paths.includes(first);
  };
  return [...text.matchAll(/\bkeyspring ([a-z][\w-]*(?: [a-z][\w-]*)?)(?= --|[ `.,;)]|$)/g)]
    .map(([, words = ""]) => words)
    .filter((words) => !isKnown(words));
}

/** Every file, folder and link below, with mode and content. */
export function snapshot(folder: string): Map<string, string> {
  return new Map(everythingBelow(folder).map((path) => [path.slice(folder.length), looksLike(path)]));
}

function looksLike(path: string): string {
  const facts = lstatSync(path);
  const mode = (facts.mode & 0o7777).toString(8);
  if (facts.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
  if (facts.isDirectory()) return `folder ${mode}`;
  return facts.isFile() ? `file ${mode} ${contentOf(path)}` : "other";
}

/** Where permissions bind this process too, some files are meant to be unreadable. */
function contentOf(path: string): string {
  try {
    return readFileSync(path).toString("latin1");
  } catch {
    return "unreadable";
  }
}

function everythingBelow(folder: string): string[] {
  let entries: Dirent[] = [];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    // A folder that is meant to let nobody in.
  }
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? [path, ...everythingBelow(path)] : [path];
  });
}

/** Where a failing command may leave something of its own. */
const OWN = /^\/(?:\.local(?:\/state(?:\/keyspring(?:\/.*)?)?)?|\.aws(?:\/sso(?:\/.*)?)?|state(?:\/.*)?)$/;

/** What was there and is not as it was, and what is new outside Keyspring's own state. */
export function lost(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const changed = [...before].filter(([path, looks]) => after.get(path) !== looks).map(([path]) => path);
  return [...changed, ...[...after.keys()].filter((path) => !before.has(path) && !OWN.test(path))];
}
