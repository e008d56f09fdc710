import type { CommandSpec } from "../../command.ts";

export const demoSpec: CommandSpec = {
  path: "demo",
  summary: "the whole life cycle on a simulated AWS, no account needed",
  options: [
    { flags: "--claude", summary: "run the real Claude Code against the simulated AWS (it must be installed)" },
    { flags: "--keep", summary: "leave a shell in which everything works on the simulated AWS" },
  ],
  examples: [
    ["keyspring demo", "sign-in, export, expiry, silent refresh, revocation, two organizations"],
    ["keyspring demo --keep", "then play: keyspring status, keyspring export --profile acme, aws sts get-caller-identity, …"],
    ["keyspring demo --claude", "the same under Claude Code"],
  ],
  load: async () => (await import("../demo.ts")).runDemo,
};
