import { CredentialError } from "@keyspring/core";
import type { CommandInput } from "../command.ts";
import { findClaude } from "../demo/claude-run.ts";
import { playClaudeCode } from "../demo/claude-story.ts";
import { openPlayground } from "../demo/playground.ts";
import { onStage } from "../demo/stage.ts";
import { playLifeCycle } from "../demo/story.ts";
import { createTeller } from "../demo/teller.ts";
import type { Services } from "../services.ts";

/** The whole life cycle on a simulated AWS. Nothing of the person's own files or accounts is touched. */
export async function runDemo(services: Services, input: CommandInput): Promise<number> {
  const { platform, terminal, interrupted } = services;
  const keep = input.options["keep"] === true;
  const claude = input.options["claude"] === true;
  if (keep && !terminal.canAsk)
    throw new CredentialError("USAGE", "--keep opens a shell, and there is no terminal", {
      remedy: "Run it in a terminal, or without --keep.",
    });
  if (claude) await findClaude(platform);
  const teller = createTeller(terminal, platform.clock);
  teller.begin(
    "Keyspring on a simulated AWS: two made-up companies, Acme and Globex, all on this machine.\n" +
      "Every command below really runs. Nothing of your own AWS or Claude Code set-up is read or changed.",
  );
  await onStage(platform, interrupted, (stage) => playLifeCycle(stage, teller));
  // Each on a stage of its own: on the first one hours have passed.
  if (claude) await onStage(platform, interrupted, (stage) => playClaudeCode(stage, teller));
  if (keep) return onStage(platform, interrupted, (stage) => openPlayground(stage, teller));
  teller.end(
    "That is the whole life cycle. Your turn:\n" +
      "  keyspring settings apply --profile NAME   with a profile of your ~/.aws/config; --dry-run shows what it would change\n" +
      "  keyspring demo --keep                     a shell in which to play with all this",
  );
  return 0;
}
