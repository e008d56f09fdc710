import {
  type AwsCredentialIdentity,
  checkedIdentity,
  commandFailure,
  CredentialError,
  type CredentialRequest,
  isCredentialError,
  parseAnyCredentials,
  shellWord,
  signInRequired,
  type SourceContext,
} from "@keyspring/core";
import type { ScriptOptions } from "./options.ts";
import type { Run, Runner } from "./runner.ts";

/**
 * Runs `command` and reads what it prints.
 *
 * A person has to sign in when it says so by its exit code. Where there is a `sign_in_command`, every other exit code and expired
 * credentials mean the same: it is what the person would try first. Time-outs and unreadable output stay what they are, but name it.
 */
export async function provide(
  options: ScriptOptions,
  context: SourceContext,
  runner: Runner,
  request: CredentialRequest,
): Promise<AwsCredentialIdentity> {
  const { result, facts } = await runner.run("command", request, { streams: "closed" });
  const failure = commandFailure(result, facts);
  if (failure !== undefined) throw judged(failure, result.exitCode, options, request);
  try {
    const { identity, shape } = parseAnyCredentials(result.stdout, { section: options.section });
    context.log.debug(`${facts.what} printed credentials`, { shape });
    return checkedIdentity(identity, context.platform.clock.now());
  } catch (error) {
    throw unusable(error, facts.what, options, request);
  }
}

function judged(
  failure: CredentialError,
  exitCode: Run["result"]["exitCode"],
  options: ScriptOptions,
  { profile }: CredentialRequest,
): CredentialError {
  const canSignIn = options.sign_in_command !== undefined;
  if (exitCode !== undefined && options.sign_in_exit_codes.includes(exitCode))
    return canSignIn
      ? signInRequired(profile, failure.message)
      : new CredentialError("SIGN_IN_REQUIRED", failure.message, { remedy: BY_HAND });
  if (!canSignIn) return failure;
  if (failure.code === "SOURCE_FAILED") return signInRequired(profile, failure.message);
  return failure.code === "TIMED_OUT" || failure.code === "INVALID_OUTPUT"
    ? withSignInHint(failure, failure.message, profile)
    : failure;
}

const BY_HAND = "Sign in the way your organization told you to; sign_in_command in config.toml would let Keyspring do it.";

function unusable(error: unknown, what: string, options: ScriptOptions, { profile }: CredentialRequest): unknown {
  if (!isCredentialError(error)) return error;
  const message = `${what} gave no usable credentials: ${error.message}`;
  if (options.sign_in_command === undefined)
    return new CredentialError("INVALID_OUTPUT", message, { remedy: error.remedy ?? BY_HAND });
  return / expired .* ago$/.test(error.message) ? signInRequired(profile, message) : withSignInHint(error, message, profile);
}

function withSignInHint({ code, remedy }: CredentialError, message: string, profile: string): CredentialError {
  return new CredentialError(code, message, {
    remedy: `${remedy ?? ""} Or sign in anew: keyspring login --profile ${shellWord(profile)}`.trim(),
  });
}
