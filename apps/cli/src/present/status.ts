import { formatDuration } from "@keyspring/core";
import type { ProfileStatus } from "../profile-status.ts";
import type { Terminal } from "../terminal.ts";
import { paint } from "./colour.ts";
import { table } from "./table.ts";

export interface StatusReport {
  readonly version: string;
  readonly folders: { readonly config: string; readonly state: string; readonly log: string };
  readonly profiles: readonly ProfileStatus[];
}

const COLOUR = { fresh: "green", expiring: "yellow", expired: "red", absent: "dim" } as const;

/** The report as a table, with the last errors and where to look below it. */
export function statusTable(report: StatusReport, terminal: Pick<Terminal, "colour">): string {
  const rows = report.profiles.map(({ profile, source, account, role, credentials, session, from }) => [
    profile,
    source ?? "",
    account ?? "",
    role ?? "",
    paint(terminal, COLOUR[credentials.state], life(credentials)),
    from,
    session === undefined ? "" : session.state,
  ]);
  const errors = report.profiles.flatMap(({ profile, lastError }) =>
    lastError === undefined ? [] : [`\n${profile}, ${lastError.at}: ${lastError.message}\n    ${lastError.remedy ?? ""}\n`],
  );
  const head = ["PROFILE", "SOURCE", "ACCOUNT", "ROLE", "CREDENTIALS", "NEXT FROM", "SESSION"];
  return `${table([head, ...rows])}${errors.join("")}\nLog: ${report.folders.log}\n`;
}

function life({ state, secondsLeft }: ProfileStatus["credentials"]): string {
  if (state === "absent" || state === "expired" || secondsLeft === undefined) return state;
  return `${state}, ${formatDuration(secondsLeft * 1000)} left`;
}
