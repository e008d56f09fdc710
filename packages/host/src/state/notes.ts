import type { Notes, Platform } from "@keyspring/core";
import * as v from "valibot";
import type { Folders } from "../folders.ts";
import { notWritable, securedFolder } from "../secured.ts";
import { fileNameFor, readRecord, writeRecord } from "./record-file.ts";

const noteSchema = v.object({ version: v.literal(1), scope: v.string(), name: v.string(), value: v.unknown() });

/**
 * A source's notes under `<state>/notes/`, 0600, replaced whole. They may hold secrets.
 * @param scope keeps sources and organizations apart; any text
 */
export function createNotes(platform: Platform, folders: Folders, scope: string): Notes {
  const folder = platform.path.join(folders.state, "notes");
  const fileOf = (name: string): string => platform.path.join(folder, fileNameFor(platform, scope, name));
  return {
    async read(name) {
      const note = await readRecord(platform, fileOf(name), noteSchema);
      return note !== undefined && note.scope === scope && note.name === name ? note.value : undefined;
    },
    async write(name, value) {
      await securedFolder(platform, folders.state);
      await securedFolder(platform, folder);
      await writeRecord(platform, fileOf(name), { version: 1, scope, name, value }).catch((error: unknown) => {
        throw notWritable(platform, folder, error);
      });
    },
    remove: (name) => platform.files.remove(fileOf(name)),
  };
}
