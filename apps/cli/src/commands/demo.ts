import { CredentialError } from "@keyspring/core";
import type { CommandInput } from "../command.ts";
import { openPlayground } from "../demo/playground.ts";
import { createStage } from "../demo/stage.ts";
import { playClaudeCode, playLifeCycle } from "../demo/story.ts";
import { createTeller } from "../demo/teller.ts";
import type { Services } from "../services.ts";

/** The whole life cycle on a simulated AWS. Nothing of the person's own files or accounts is touched. */
export async function runDemo(services: Services, input: CommandInput): Promise<number> {
  const { platform, terminal, interrupted } = services;
  const keep = input.options["keep"] === true;
  if (keep && !terminal.canAsk)
    throw new CredentialError("USAGE", "--keep opens a shell, and there is no terminal", {
      remedy: "Run it in a terminal, or without --keep.",
    });
  const stage = await createStage(platform, interrupted);
  try {
    const teller = createTeller(terminal, platform.clock);
    await playLifeCycle(stage, teller);
    if (input.options["claude"] === true) await playClaudeCode(stage, teller);
    if (keep) return await openPlayground(stage, teller);
    teller.end("That was all of it. Your own turn: keyspring settings apply --profile <an AWS profile of yours>");
    return 0;
  } finally {
    await stage.close();
  }
}
