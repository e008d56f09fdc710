import {
  checkedIdentity,
  childEnvironment,
  commandFailure,
  CredentialError,
  isCredentialError,
  parseDuration,
  parseProcessCredentials,
  shownTail,
  type AwsCredentialIdentity,
  type CredentialRequest,
  type RunResult,
  type SourceContext,
} from "@keyspring/core";
import { circleIn } from "./circle.ts";
import type { Plan } from "./how-to-run.ts";
import type { ProcessOptions } from "./options.ts";

/** What Node's `exec`, and so the JavaScript SDK, allows. */
const OUTPUT_LIMIT = 1024 * 1024;
const LINES_KEPT = 20;

/**
 * Runs the command as the SDKs do: the user's own environment and folder, no input, exit code 0 and one JSON object on stdout. Unlike
 * them, it has a deadline, and what it said on stderr is kept.
 */
export async function provide(
  options: ProcessOptions,
  context: SourceContext,
  plan: Plan,
  request: CredentialRequest,
): Promise<AwsCredentialIdentity> {
  const { platform, log } = context;
  const what = nameOf(options, plan);
  const circle = circleIn(plan.words, context, what);
  if (circle !== undefined) throw circle;
  const timeout = parseDuration(options.timeout)!;
  const result = await platform.processes.run({
    command: plan.command,
    env: childEnvironment(context, { inheritCredentials: true }),
    cwd: platform.cwd,
    signal: request.signal,
    timeout,
    outputLimit: OUTPUT_LIMIT,
    streams: "closed",
  });
  keepStderr(result);
  const where =
    options.aws_profile === undefined ? `the options of profile ${request.profile}` : `AWS profile ${options.aws_profile}`;
  const failure = commandFailure(result, { what, timeout, outputLimit: OUTPUT_LIMIT, signal: request.signal, where });
  if (failure !== undefined) throw failure;
  try {
    const identity = parseProcessCredentials(result.stdout);
    const account = identity.accountId ?? options.aws_account_id;
    return checkedIdentity({ ...identity, ...(account !== undefined && { accountId: account }) }, platform.clock.now());
  } catch (error) {
    if (!isCredentialError(error)) throw error;
    const remedy = error.remedy ?? "Run the command by hand and look at what it prints.";
    throw new CredentialError("INVALID_OUTPUT", `${what}: ${error.message}`, { remedy });
  }

  function keepStderr({ outcome, exitCode, stderr }: RunResult): void {
    const tail = shownTail(stderr, LINES_KEPT);
    const facts = { outcome, exitCode, stderr: tail.join("\n") };
    if (outcome !== "exited" || exitCode !== 0) log.warn(`${what} gave nothing`, facts);
    else if (tail.length > 0) log.info(`${what} said something on stderr`, facts);
  }
}

/** How messages speak of the command. No arguments: they are nobody's business. */
export function nameOf(options: ProcessOptions, { words }: Pick<Plan, "words">): string {
  return options.aws_profile === undefined
    ? `the command ${words[0] ?? ""}`
    : `the credential_process of AWS profile ${options.aws_profile}`;
}
