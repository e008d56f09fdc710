import { PROFILE_OPTION, type CommandSpec } from "../../command.ts";

/** Commands in which a person may take part. */
export const signInSpecs: readonly CommandSpec[] = [
  {
    path: "refresh",
    summary: "the command for Claude Code's awsAuthRefresh: silent when fresh, else signs in",
    details:
      "Returns at once and silently when credentials are fresh; else refreshes without a person; else signs in, joining\n" +
      "a sign-in that another session already shows. Ends by itself after 165 seconds.",
    options: [PROFILE_OPTION, { flags: "--no-browser", summary: "only show the address and the code" }],
    examples: [
      ["keyspring refresh --profile acme", "what Claude Code runs"],
      ["keyspring settings apply --profile acme", "let Claude Code run it"],
    ],
    load: async () => (await import("../refresh.ts")).runRefresh,
  },
  {
    path: "login",
    summary: "sign in",
    options: [
      PROFILE_OPTION,
      { flags: "--force", summary: "end the present session and begin a new one with its full length" },
      { flags: "--device", summary: "sign in with a code, on this or another device" },
      { flags: "--no-browser", summary: "only show the address and the code" },
    ],
    examples: [
      ["keyspring login --profile acme", "opens the browser, shows the code"],
      ["keyspring login --profile acme --no-browser", "over SSH: open the address elsewhere"],
      ["keyspring login --profile acme --force", "a new full-length session before a long evening"],
    ],
    load: async () => (await import("../login.ts")).runLogin,
  },
  {
    path: "logout",
    summary: "end the session and forget its credentials",
    options: [PROFILE_OPTION],
    examples: [["keyspring logout --profile acme", "ends the session at the identity provider too"]],
    load: async () => (await import("../logout.ts")).runLogout,
  },
  {
    path: "claude-hook",
    hidden: true,
    summary: "the command for Claude Code's hooks: tells a person who is not signed in what to type",
    options: [PROFILE_OPTION],
    arguments: [{ spec: "<event>", summary: "which hook", choices: ["start", "prompt"] }],
    examples: [["keyspring settings apply --profile acme", "let Claude Code run it"]],
    load: async () => (await import("../claude-hook.ts")).runClaudeHook,
  },
];
