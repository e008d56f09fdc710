import { CredentialError, sourceFailed, type RunResult } from "@keyspring/core";
import { askBedrock } from "./ask-bedrock.ts";
import { masked } from "./masked.ts";
import type { Stage } from "./stage.ts";
import type { Teller } from "./teller.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Sign-in, warm start, expiry, one-minute credentials, revocation, a second organization, settings: each shown, and each checked. */
export async function playLifeCycle(stage: Stage, teller: Teller): Promise<void> {
  const { control } = stage.simulator;
  const run = async (...args: string[]): Promise<RunResult> => {
    teller.typed(`keyspring ${args.join(" ")}`);
    return shown(await stage.keyspring(...args));
  };
  const shown = (result: RunResult): RunResult => {
    teller.answered(masked(result.stdout + result.stderr));
    return result;
  };
  const exported = async (profile: string): Promise<string> => must(await run("export", "--profile", profile));
  const bedrock = async (line: string): Promise<number> => {
    const { status, text } = await askBedrock(stage, line);
    teller.say(`Bedrock answers ${status}: ${text}`);
    return status;
  };
  const count = async (operation: string): Promise<number> => (await control.counts())[operation] ?? 0;

  teller.chapter("Nobody is signed in");
  teller.say("Acme uses IAM Identity Center. Claude Code asks Keyspring for credentials, but nobody has signed in yet.");
  const cold = await run("export", "--profile", "acme");
  check(cold.exitCode === 3, "export ends with 3 and says what to type");
  teller.shown("It fails at once instead of hanging, and says what to type.");

  teller.chapter("Signing in");
  teller.say("Claude Code runs `refresh` and shows its user what it prints. Ada opens the address and approves.");
  await control.configure({ autoApprove: { delay: 1500 } });
  must(await run("refresh", "--profile", "acme"));
  const first = await exported("acme");
  check((await bedrock(first)) === 200, "Bedrock takes the credentials");
  teller.shown("One sign-in, and Claude Code has its credentials. (Secrets are shortened on this screen only.)");

  teller.chapter("The next session");
  teller.say("Ada starts Claude Code a second time. It runs the same two commands again.");
  const before = await control.counts();
  must(await run("refresh", "--profile", "acme"));
  teller.typed("keyspring export --profile acme");
  must(shown(await stage.keyspringInNewSession("export", "--profile", "acme")));
  check(JSON.stringify(await control.counts()) === JSON.stringify(before), "a warm start asks AWS nothing");
  teller.shown("Not one request went to AWS: `refresh` had nothing to do, `export` answered from the store.");

  teller.chapter("An hour later");
  await stage.pass(61 * MINUTE);
  teller.say("Credentials and access token of Identity Center live for an hour. Both have now expired:");
  check((await bedrock(first)) === 403, "the old credentials have expired");
  const tokens = await count("sso-oidc/CreateToken");
  const renewed = await exported("acme");
  check((await bedrock(renewed)) === 200, "fresh ones are there");
  check((await count("sso-oidc/CreateToken")) > tokens, "the access token was renewed too");
  teller.shown("Keyspring renewed both. Nobody had to sign in again.");

  teller.chapter("Credentials that live for one minute");
  await control.configure({ roleLifetime: MINUTE });
  await stage.pass(61 * MINUTE);
  teller.say("Now Acme's role gives credentials of one minute. Ada asks something every 15 seconds:");
  teller.typed("keyspring export --profile acme     (ten times)");
  const minted = await count("sso/GetRoleCredentials");
  const answers: number[] = [];
  for (let question = 0; question < 10; question += 1) {
    const line = must(await stage.keyspring("export", "--profile", "acme"));
    answers.push((await askBedrock(stage, line)).status);
    await stage.pass(15 * SECOND);
  }
  teller.answered(`Bedrock: ${answers.join(" ")}`);
  check(
    answers.every((status) => status === 200),
    "no request fails",
  );
  const mints = (await count("sso/GetRoleCredentials")) - minted;
  teller.shown(
    `Ten questions, ten answers. Keyspring obtained new credentials ${mints} times, always before the old ones ended.`,
  );

  teller.chapter("Revoked in mid-session");
  await control.configure({ roleLifetime: 60 * MINUTE });
  const good = await exported("acme");
  teller.say("These are good for an hour, but an administrator revokes them:");
  await control.revokeRoleCredentials({});
  check((await bedrock(good)) === 403, "AWS refuses what it revoked");
  teller.say("Claude Code asks `export` once more. From that Keyspring knows that AWS refused its answer:");
  const anew = await exported("acme");
  check((await bedrock(anew)) === 200, "the retry works");
  teller.shown("The first retry works. With a command that keeps serving its cache, Claude Code needs 38 seconds and more.");

  teller.chapter("Another organization, another way in");
  teller.say("Globex has a script that prints a banner and then `export NAME=value` lines. Same command, same answer:");
  const globex = await exported("globex");
  check((await bedrock(globex)) === 200, "Bedrock takes Globex's credentials");
  teller.shown("Keyspring read the script's output. It never evaluates what it reads.");

  teller.chapter("Claude Code's settings");
  teller.say("One command tells Claude Code all of this:");
  must(await run("settings", "apply", "--profile", "acme"));
  must(await run("status"));
  teller.shown("`keyspring settings remove` restores the settings file byte for byte.");
}

/** The output of a command that has to work. */
export function must(result: RunResult): string {
  if (result.exitCode === 0) return result.stdout;
  throw sourceFailed(
    `a command of the demo ended with ${result.exitCode ?? result.signal}`,
    "Run it again; if it fails again please report it.",
  );
}

/** The demo shows nothing that it has not checked. */
export function check(holds: boolean, what: string): void {
  if (!holds) throw new CredentialError("INTERNAL", `the demo expected that ${what}`);
}
