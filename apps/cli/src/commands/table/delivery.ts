import { PROFILE_OPTION, type CommandSpec } from "../../command.ts";

/** Commands that hand out credentials. */
export const deliverySpecs: readonly CommandSpec[] = [
  {
    path: "export",
    summary: "print credentials for Claude Code's awsCredentialExport",
    details:
      "Prints one line of JSON and nothing else. Never asks a person: when someone has to sign in it exits with 3.\n" +
      "With --guard it never fails: it then prints credentials that AWS refuses, because Claude Code goes on with\n" +
      "whatever other identity the machine has when this command fails.",
    options: [PROFILE_OPTION, { flags: "--guard", summary: "print credentials that AWS refuses rather than fail" }],
    examples: [
      ["keyspring export --profile acme", '{"Credentials":{"AccessKeyId":…,"Expiration":…}}'],
      ["keyspring settings apply --profile acme", "let Claude Code run it"],
    ],
    load: async () => (await import("../export.ts")).runExport,
  },
  {
    path: "process",
    summary: "print credentials for `credential_process` in ~/.aws/config",
    details:
      "Prints one line of JSON (Version 1) and nothing else. Never asks a person: exits with 3 when someone has to sign in.",
    options: [PROFILE_OPTION, { flags: "--guard", summary: "print credentials that AWS refuses rather than fail" }],
    examples: [
      ["keyspring process --profile acme", '{"Version":1,"AccessKeyId":…,"Expiration":…}'],
      ["credential_process = /usr/local/bin/keyspring process --profile acme", "the line for a profile in ~/.aws/config"],
    ],
    load: async () => (await import("../process.ts")).runProcess,
  },
  {
    path: "env",
    summary: "print credentials as assignments for a shell",
    options: [
      PROFILE_OPTION,
      {
        flags: "--format <format>",
        summary: "default: the shell it runs under",
        choices: ["sh", "fish", "powershell", "cmd", "dotenv", "json"],
      },
      { flags: "--endpoint", summary: "the daemon's endpoint and token file instead of keys (not in this version)" },
    ],
    examples: [
      ['eval "$(keyspring env --profile acme)"', "bash, zsh and other POSIX shells"],
      ["keyspring env --profile acme | source", "fish"],
      ["keyspring env --profile acme | Out-String | Invoke-Expression", "PowerShell"],
      ["keyspring env --profile acme --format dotenv > .env.aws", "a file for docker --env-file"],
    ],
    load: async () => (await import("../env.ts")).runEnv,
  },
  {
    path: "exec",
    summary: "run a command with only these AWS credentials in its environment",
    details:
      "Other AWS credentials (AWS_PROFILE, AWS_ACCESS_KEY_ID, container and web-identity variables, …) are taken out of the\ncommand's environment. Signals and the exit code pass through.",
    options: [PROFILE_OPTION],
    arguments: [{ spec: "<command...>", summary: "the command and its arguments, after --" }],
    passThrough: true,
    examples: [
      ["keyspring exec --profile acme -- aws sts get-caller-identity", "who am I"],
      ["keyspring exec -- terraform plan", "with the default profile"],
    ],
    load: async () => (await import("../exec.ts")).runExec,
  },
];
