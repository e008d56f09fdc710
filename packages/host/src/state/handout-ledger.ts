import type { Handout, HandoutLedger, Platform } from "@keyspring/core";
import type { Folders } from "../folders.ts";
import { securedFolder } from "../secured.ts";

const COMPACT_ABOVE = 16 * 1024;
/** No role's session lives longer, so no older handout can matter. */
const LONGEST_LIFE = 12 * 3_600_000;

/**
 * Handouts under `<state>/handouts/<key>.jsonl`: one JSON line each, appended in one write, so that the warm path takes no lock.
 * Above 16 KiB only the last line of each consumer that still lives is kept. A line that is lost or torn costs one refusal
 * unrecognised, nothing more. Holds no secret.
 */
export function createHandoutLedger(platform: Platform, folders: Folders): HandoutLedger {
  const { files, path } = platform;
  const fileOf = (key: string): string => path.join(folders.state, "handouts", `${path.basename(key)}.jsonl`);
  const all = async (key: string): Promise<Handout[]> => parse((await files.readText(fileOf(key))) ?? "");

  return {
    async last(key, consumer) {
      return (await all(key)).findLast((handout) => handout.consumer === consumer);
    },
    async record(key, { consumer, fingerprint, at }) {
      await securedFolder(platform, folders.state);
      // The line break comes first as well: it ends a line that another writer could not finish.
      await files.append(fileOf(key), `\n${JSON.stringify({ consumer, fingerprint, at })}\n`, { mode: 0o600 });
      const { size } = (await files.facts(fileOf(key))) ?? { size: 0 };
      if (size > COMPACT_ABOVE) await compact(platform, fileOf(key), await all(key));
    },
  };
}

async function compact(platform: Platform, file: string, handouts: readonly Handout[]): Promise<void> {
  const oldest = platform.clock.now() - LONGEST_LIFE;
  const lastOfEach = new Map(handouts.map((handout) => [handout.consumer, handout]));
  const kept: Handout[] = [];
  for (const handout of lastOfEach.values())
    if (handout.at > oldest && (await mayLive(platform, handout.consumer))) kept.push(handout);
  // Many living consumers: the newest half, so that the next record does not compact again.
  let lines = kept.map((handout) => JSON.stringify(handout));
  while (lines.join("\n").length > COMPACT_ABOVE / 2) lines = lines.slice(Math.ceil(lines.length / 2));
  await platform.files.writeAtomic(file, lines.map((line) => `${line}\n`).join(""), { mode: 0o600 });
}

/** Linux tells whether `pid@start` still runs (proc(5), field 22); elsewhere age alone decides. */
async function mayLive(platform: Platform, consumer: string): Promise<boolean> {
  const found = /^(\d+)@(.+)$/.exec(consumer);
  if (found === null || platform.os !== "linux") return true;
  const stat = await platform.files.readText(`/proc/${found[1]}/stat`).catch(() => undefined);
  if (stat === undefined) return false;
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] === found[2];
}

function parse(text: string): Handout[] {
  return text.split("\n").flatMap((line) => {
    try {
      const value = JSON.parse(line) as Partial<Handout> | null;
      const { consumer, fingerprint, at } = value ?? {};
      if (typeof consumer !== "string" || typeof fingerprint !== "string" || typeof at !== "number") return [];
      return [{ consumer, fingerprint, at }];
    } catch {
      return [];
    }
  });
}
