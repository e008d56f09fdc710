import { CredentialError } from "@keyspring/core";
import type { CommandInput } from "./command.ts";
import type { Services } from "./services.ts";

/** `--yes`, or a person who says so at the terminal. Without either it is refused: nobody was asked. */
export async function confirmed({ terminal }: Services, input: CommandInput, question: string): Promise<boolean> {
  if (input.options["yes"] === true) return true;
  if (!terminal.canAsk)
    throw new CredentialError("USAGE", question.replace(/\?$/, ": that needs your word"), {
      remedy: "Look at it with --dry-run, then say --yes.",
    });
  return /^y(?:es)?$/i.test(await terminal.ask(`${question} [y/N] `));
}
