import { JSON_OPTION, PROFILE_OPTION, type CommandSpec, type OptionSpec } from "../../command.ts";

const SCOPE: OptionSpec = {
  flags: "--scope <scope>",
  summary: "which of Claude Code's settings files; default: user",
  choices: ["user", "project", "local", "managed"],
};
const YES: OptionSpec = { flags: "--yes", summary: "do not ask before replacing what somebody else put there" };
const DRY_RUN: OptionSpec = { flags: "--dry-run", summary: "show the difference, change nothing" };

/** Commands around Claude Code's settings files. */
export const settingsSpecs: readonly CommandSpec[] = [
  {
    path: "settings apply",
    summary: "let Claude Code get its credentials from Keyspring",
    details:
      "Writes awsCredentialExport, awsAuthRefresh, two hooks and the env that goes with them into Claude Code's settings.\n" +
      "Only these keys are touched; `keyspring settings remove` restores what was there, byte for byte.\n" +
      "With --auth-refresh and --credential-export it does the same for commands of your own, if they would work under Claude Code.",
    options: [
      PROFILE_OPTION,
      SCOPE,
      {
        flags: "--delivery <how>",
        summary:
          "export: only Claude Code gets them (default); profile: through AWS_PROFILE; endpoint: through the daemon (not in this version)",
        choices: ["export", "profile", "endpoint"],
      },
      { flags: "--region <region>", summary: "the region of Bedrock; default: the profile's" },
      { flags: "--no-refresh", summary: "do not write awsAuthRefresh" },
      { flags: "--no-hook", summary: "do not write the hooks that say what to type to a person who is not signed in" },
      { flags: "--credential-export <command>", summary: "a command of your own for awsCredentialExport" },
      { flags: "--auth-refresh <command>", summary: "a command of your own for awsAuthRefresh" },
      { flags: "--aws-profile <name>", summary: "AWS_PROFILE for commands of your own (Claude Code's Bash tool sees it too)" },
      { flags: "--wrap", summary: "put Keyspring in front of commands of your own that would not work as they are" },
      { flags: "--description <text>", summary: "what this is for, shown by `settings show`" },
      YES,
      DRY_RUN,
    ],
    examples: [
      ["keyspring settings apply --profile acme", "for you, in every project"],
      ["keyspring settings apply --profile acme --scope local --dry-run", "what it would change for this project only"],
      [
        'keyspring settings apply --auth-refresh "aws sso login --profile myprofile" --credential-export /bin/generate_aws_grant.sh',
        "commands of your own",
      ],
    ],
    load: async () => (await import("../settings-apply.ts")).runSettingsApply,
  },
  {
    path: "settings show",
    summary: "what is set, and from which file",
    options: [JSON_OPTION],
    examples: [["keyspring settings show", "every AWS setting with its origin"]],
    load: async () => (await import("../settings-show.ts")).runSettingsShow,
  },
  {
    path: "settings check",
    summary: "whether what is set works",
    details: "Exits with 0 if Claude Code would get credentials, else with 2.",
    options: [JSON_OPTION],
    examples: [["keyspring settings check", "one line per finding, with what mends it"]],
    load: async () => (await import("../settings-check.ts")).runSettingsCheck,
  },
  {
    path: "settings remove",
    summary: "take out what `settings apply` put in; restore what was there",
    options: [SCOPE, YES, DRY_RUN],
    examples: [
      ["keyspring settings remove", "in your own settings"],
      ["keyspring settings remove --scope local --dry-run", "what it would change in this project"],
    ],
    load: async () => (await import("../settings-remove.ts")).runSettingsRemove,
  },
];
