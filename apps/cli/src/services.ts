import type { CredentialStore, HandoutLedger, PendingSignIns, Platform, Redactor, Resolver } from "@keyspring/core";
import type { ErrorMemory, FileLog, Folders } from "@keyspring/host";
import type { Profiles } from "./profiles.ts";
import type { Targets } from "./targets.ts";
import type { Terminal } from "./terminal.ts";

/** What commands are made of. Built once per run by container.ts; tests build it on a fake platform. */
export interface Services {
  readonly platform: Platform;
  readonly terminal: Terminal;
  readonly version: string;
  readonly folders: Folders;
  readonly redactor: Redactor;
  readonly log: FileLog;
  readonly profiles: Profiles;
  readonly targets: Targets;
  readonly store: CredentialStore;
  readonly ledger: HandoutLedger;
  readonly resolver: Resolver;
  readonly pending: PendingSignIns;
  readonly errors: ErrorMemory;
  /** Aborted when the run is interrupted. */
  readonly interrupted: AbortSignal;
}
