import {
  commandFailure,
  isCredentialError,
  sourceFailed,
  type CredentialRequest,
  type Interaction,
  type SourceContext,
} from "@keyspring/core";
import type { ScriptOptions } from "./options.ts";
import { provide } from "./provide.ts";
import type { Runner } from "./runner.ts";
import { signInOutput } from "./sign-in-output.ts";

/**
 * Runs `sign_in_command`: with the person's own terminal where there is one, else with its output passed on line by line. It counts as
 * done when `command` succeeds afterwards.
 */
export async function signIn(
  options: ScriptOptions,
  context: SourceContext,
  runner: Runner,
  request: CredentialRequest,
  interaction: Interaction,
): Promise<void> {
  const { result, facts } = interaction.terminal
    ? await runner.run("sign_in_command", request, { streams: "terminal" })
    : await runner.run("sign_in_command", request, { streams: "closed", onLine: signInOutput(interaction) });
  const failure = commandFailure(result, facts);
  if (failure !== undefined) throw failure;
  try {
    await provide(options, context, runner, request);
  } catch (error) {
    // To ask for another sign-in right after one would only go round in a circle.
    if (!isCredentialError(error) || error.code !== "SIGN_IN_REQUIRED") throw error;
    throw sourceFailed(
      `${facts.what} ended well, but afterwards ${error.message}`,
      "Run both commands by hand, sign_in_command first.",
      error,
    );
  }
}
