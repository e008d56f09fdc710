import { CredentialError, sourceFailed, type RunResult } from "@keyspring/core";
import { askBedrock } from "./ask-bedrock.ts";
import { runClaude } from "./claude-run.ts";
import { masked } from "./masked.ts";
import { ACME, type Stage } from "./stage.ts";
import type { Teller } from "./teller.ts";

const MINUTE = 60_000;

/** Sign-in, warm start, short lives, silent refresh, revocation, a second organization: each shown, and each checked. */
export async function playLifeCycle(stage: Stage, teller: Teller): Promise<void> {
  const { control } = stage.simulator;
  const run = async (...args: string[]): Promise<RunResult> => {
    teller.typed(`keyspring ${args.join(" ")}`);
    const result = await stage.keyspring(...args);
    teller.answered(masked(result.stdout + result.stderr));
    return result;
  };
  const exported = async (profile: string): Promise<string> => must(await run("export", "--profile", profile));
  const bedrock = async (line: string): Promise<number> => {
    const { status, text } = await askBedrock(stage, line);
    teller.say(`Bedrock answers ${status}: ${text}`);
    return status;
  };

  teller.chapter("Nobody is signed in");
  teller.say("Acme uses IAM Identity Center. Claude Code asks for credentials, and nobody has signed in yet.");
  const cold = await run("export", "--profile", "acme");
  check(cold.exitCode === 3, "export ends with 3 and says what to type");
  teller.shown("It does not hang, asks nobody, and says what to type.");

  teller.chapter("Signing in");
  teller.say("Claude Code then runs the refresh command and shows address and code. Ada approves in her browser.");
  await control.configure({ autoApprove: { delay: 1500 } });
  must(await run("refresh", "--profile", "acme"));
  const first = await exported("acme");
  check((await bedrock(first)) === 200, "Bedrock takes the credentials");
  teller.shown("Signed in once. Claude Code has its credentials.");

  teller.chapter("The next session");
  const before = await control.counts();
  must(await run("refresh", "--profile", "acme"));
  await exported("acme");
  check(JSON.stringify(await control.counts()) === JSON.stringify(before), "a warm start asks AWS nothing");
  teller.shown("Not one request to AWS: refresh returned at once, export answered from the store.");

  teller.chapter("Credentials of one minute");
  await control.configure({ roleLifetime: MINUTE });
  await control.revokeRoleCredentials({});
  const short = await exported("acme");
  check((await bedrock(short)) === 200, "Bedrock takes the one-minute credentials");
  teller.say("An hour passes in the simulated AWS ...");
  await control.advanceClock({ milliseconds: 61 * MINUTE });
  check((await bedrock(short)) === 403, "the old credentials have expired");
  const renewed = await exported("acme");
  check((await bedrock(renewed)) === 200, "fresh ones are there");
  const renewals = (await control.counts())["sso-oidc/CreateToken"] ?? 0;
  check(renewals > (before["sso-oidc/CreateToken"] ?? 0), "the sign-in was renewed too");
  teller.shown("Credentials and sign-in had both expired. Both were renewed without a person.");

  teller.chapter("Revoked in mid-session");
  await control.configure({ roleLifetime: 60 * MINUTE });
  await stage.platform.clock.sleep(200, stage.signal);
  const good = await exported("acme");
  await control.revokeRoleCredentials({});
  check((await bedrock(good)) === 403, "AWS refuses what it revoked");
  teller.say("Claude Code now asks export again. Keyspring understands: AWS refused what I gave.");
  const anew = await exported("acme");
  check((await bedrock(anew)) === 200, "the retry works");
  teller.shown("The first retry works. A command that keeps serving its cache costs Claude Code 38 s and more.");

  teller.chapter("Another organization, another way in");
  teller.say("Globex has a script that prints `export …` lines below a banner. Same commands, same answer.");
  const globex = await exported("globex");
  check((await bedrock(globex)) === 200, "Bedrock takes Globex's credentials");
  teller.shown("Keyspring read the script's output without ever evaluating it.");

  teller.chapter("Claude Code's settings");
  must(await run("settings", "apply", "--profile", "acme"));
  must(await run("status"));
  teller.shown("`keyspring settings remove` would restore the file byte for byte.");
}

/** A question to the real Claude Code, which knows nothing but its settings. */
export async function playClaudeCode(stage: Stage, teller: Teller): Promise<void> {
  teller.chapter("The real Claude Code");
  teller.typed('claude -p "Are you there?"');
  const { exitCode, output } = await runClaude(stage, "Are you there?");
  teller.answered(masked(output));
  check(exitCode === 0, "Claude Code got its answer");
  const [request] = (await stage.simulator.control.requests({ service: "bedrock-runtime", outcome: "ok" })).slice(-1);
  check(request?.principal?.includes(ACME.account) === true, "the request was signed with Acme's credentials");
  teller.shown(`Bedrock was asked by ${request!.principal}.`);
}

function must(result: RunResult): string {
  if (result.exitCode === 0) return result.stdout;
  throw sourceFailed(
    `the demo's command ended with ${result.exitCode ?? result.signal}`,
    "Run it again; if it fails again please report it.",
  );
}

/** The demo shows nothing that it has not checked. */
function check(holds: boolean, what: string): void {
  if (!holds) throw new CredentialError("INTERNAL", `the demo expected that ${what}`);
}
