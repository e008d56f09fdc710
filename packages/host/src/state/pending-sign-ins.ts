import { ERROR_CATALOGUE, type ErrorCode, type PendingSignIn, type PendingSignIns, type Platform } from "@keyspring/core";
import * as v from "valibot";
import type { Folders } from "../folders.ts";
import { notWritable, securedFolder } from "../secured.ts";
import { fileNameFor, readRecord, writeRecord } from "./record-file.ts";

/** A record without an end of its own (a prompt's expiration) is about nothing that still goes on after this. */
const LONGEST = 60 * 60_000;

const url = v.pipe(
  v.string(),
  v.maxLength(4096),
  v.check((text) => /^https?:\/\//.test(text) && URL.canParse(text)),
);
const recordSchema = v.object({
  version: v.literal(1),
  scope: v.string(),
  pid: v.number(),
  startedAt: v.number(),
  prompt: v.exactOptional(
    v.object({
      url,
      urlComplete: v.exactOptional(url),
      code: v.exactOptional(v.pipe(v.string(), v.maxLength(200))),
      expiration: v.exactOptional(
        v.pipe(
          v.string(),
          v.isoTimestamp(),
          v.transform((text) => new Date(text)),
        ),
      ),
    }),
  ),
  signedInAt: v.exactOptional(v.number()),
  failed: v.exactOptional(
    v.object({
      at: v.number(),
      code: v.picklist(Object.keys(ERROR_CATALOGUE) as ErrorCode[]),
      message: v.string(),
      remedy: v.exactOptional(v.string()),
    }),
  ),
});

/** Sign-ins under way under `<state>/sign-ins/`, one file per scope, 0600. One whose code has expired is under way no more. */
export function createPendingSignIns(platform: Platform, folders: Folders): PendingSignIns {
  const fileOf = (scope: string): string => platform.path.join(folders.state, "sign-ins", fileNameFor(platform, scope));
  return {
    async read(scope): Promise<PendingSignIn | undefined> {
      const found = await readRecord(platform, fileOf(scope), recordSchema);
      if (found === undefined || found.scope !== scope) return undefined;
      const end = found.prompt?.expiration?.getTime() ?? found.startedAt + LONGEST;
      if (found.failed === undefined && end <= platform.clock.now()) return undefined;
      const { version: _, scope: __, ...record } = found;
      return record;
    },
    async write(scope, record) {
      await securedFolder(platform, folders.state);
      await writeRecord(platform, fileOf(scope), { version: 1, scope, ...record }).catch((error: unknown) => {
        throw notWritable(platform, folders.state, error);
      });
    },
    remove: (scope) => platform.files.remove(fileOf(scope)),
  };
}
