import { CredentialError } from "@keyspring/core";
import type { CommandInput } from "./command.ts";
import type { Services } from "./services.ts";

/**
 * `--yes`, or a person who says so at the terminal. Without either it is refused: nobody was asked.
 * @param what what will happen, as a sentence without its full stop
 */
export async function confirmed({ terminal }: Services, input: CommandInput, what: string): Promise<boolean> {
  if (input.options["yes"] === true) return true;
  if (!terminal.canAsk)
    throw new CredentialError("USAGE", `${what}; nobody is here to be asked about that`, {
      remedy: "Look at it with --dry-run, then run the command again with --yes.",
    });
  return /^y(?:es)?$/i.test(await terminal.ask(`${what}. Go on? [y/N] `));
}
