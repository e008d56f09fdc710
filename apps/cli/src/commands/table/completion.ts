import type { CommandSpec } from "../../command.ts";

export const completionSpec: CommandSpec = {
  path: "completion",
  summary: "print the script that completes commands, options and profile names",
  arguments: [{ spec: "<shell>", summary: "the shell", choices: ["bash", "zsh", "fish", "powershell"] }],
  examples: [
    ["source <(keyspring completion bash)", "bash, now; put the line into ~/.bashrc to keep it"],
    ["source <(keyspring completion zsh)", "zsh; put the line into ~/.zshrc"],
    ["keyspring completion fish > ~/.config/fish/completions/keyspring.fish", "fish"],
    ["keyspring completion powershell | Out-String | Invoke-Expression", "PowerShell; put the line into $PROFILE"],
  ],
  load: async () => (await import("../completion.ts")).runCompletion,
};

/** What the completion scripts ask at each TAB: `keyspring complete -- words`. */
export const completeSpec: CommandSpec = {
  path: "complete",
  hidden: true,
  summary: "answer a completion script",
  arguments: [{ spec: "[words...]", summary: "the words typed so far" }],
  passThrough: true,
  examples: [["keyspring complete -- settings ''", "what may follow"]],
  load: async () => (await import("../completion.ts")).runComplete,
};
