import { JSON_OPTION, PROFILE_OPTION, type CommandSpec } from "../../command.ts";

/** Commands that only look. */
export const inspectionSpecs: readonly CommandSpec[] = [
  {
    path: "status",
    summary: "what is fresh, for how long, and what went wrong last",
    options: [PROFILE_OPTION, JSON_OPTION, { flags: "--watch", summary: "show it again every two seconds until interrupted" }],
    examples: [
      ["keyspring status", "every profile of config.toml"],
      ["keyspring status --profile acme --json", "one profile, for programs"],
    ],
    load: async () => (await import("../status.ts")).runStatus,
  },
  {
    path: "explain",
    summary: "where each value of a profile comes from, and which source will be asked",
    details: "Asks nobody: no network, no child process, no secret.",
    options: [PROFILE_OPTION, JSON_OPTION],
    examples: [
      ["keyspring explain --profile acme", "each option with its file and line"],
      ["keyspring explain --profile acme --json", "for programs"],
    ],
    load: async () => (await import("../explain.ts")).runExplain,
  },
];
