import { ERROR_CATALOGUE, type ErrorCode, type Platform } from "@keyspring/core";
import * as v from "valibot";
import type { Folders } from "../folders.ts";
import { securedFolder } from "../secured.ts";
import { fileNameFor, readRecord, writeRecord } from "./record-file.ts";

/** Why a profile gave no credentials the last time. Free of secrets: whoever records it redacts it. */
export interface RememberedError {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy?: string;
}

/** The last failure of each profile, for `status`: neither Claude Code nor the SDKs show it. */
export interface ErrorMemory {
  last(profile: string): Promise<RememberedError | undefined>;
  /** Rejects with the system's error; whoever reports a failure ignores that one. */
  record(profile: string, error: RememberedError): Promise<void>;
  clear(profile: string): Promise<void>;
}

const recordSchema = v.object({
  version: v.literal(1),
  profile: v.string(),
  at: v.number(),
  code: v.picklist(Object.keys(ERROR_CATALOGUE) as ErrorCode[]),
  message: v.string(),
  remedy: v.exactOptional(v.string()),
});

/** Under `<state>/errors/`, one file per profile, 0600. */
export function createErrorMemory(platform: Platform, folders: Folders): ErrorMemory {
  const fileOf = (profile: string): string => platform.path.join(folders.state, "errors", fileNameFor(platform, profile));
  return {
    async last(profile) {
      const found = await readRecord(platform, fileOf(profile), recordSchema);
      if (found === undefined || found.profile !== profile) return undefined;
      const { at, code, message, remedy } = found;
      return { at, code, message, ...(remedy === undefined ? {} : { remedy }) };
    },
    async record(profile, error) {
      await securedFolder(platform, folders.state);
      await writeRecord(platform, fileOf(profile), { version: 1, profile, ...error });
    },
    clear: (profile) => platform.files.remove(fileOf(profile)),
  };
}
