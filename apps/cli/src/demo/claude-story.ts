import { masked } from "./masked.ts";
import { ACME, GLOBEX } from "./furnish.ts";
import { runClaude } from "./claude-run.ts";
import { check, must } from "./story.ts";
import type { Stage } from "./stage.ts";
import type { Teller } from "./teller.ts";

const QUESTION = "Are you there?";

/** The same life cycle with the real Claude Code, which knows nothing but its settings. Wants a stage on which nobody is signed in. */
export async function playClaudeCode(stage: Stage, teller: Teller): Promise<void> {
  const { control } = stage.simulator;
  const apply = async (profile: string): Promise<void> => {
    teller.typed(`keyspring settings apply --profile ${profile}`);
    must(await stage.keyspring("settings", "apply", "--profile", profile, "--yes"));
  };
  const ask = async (account: string): Promise<void> => {
    teller.typed(`claude -p ${JSON.stringify(QUESTION)}`);
    const { exitCode, output } = await runClaude(stage, QUESTION);
    teller.answered(masked(output));
    check(exitCode === 0, "Claude Code got its answer");
    const [request] = (await control.requests({ service: "bedrock-runtime", outcome: "ok" })).slice(-1);
    check(request?.principal?.includes(account) === true, `the request was signed with credentials of ${account}`);
    teller.say(`Bedrock was asked by ${request!.principal}`);
  };
  const signIns = async (): Promise<number> => (await control.counts())["sso-oidc/StartDeviceAuthorization"] ?? 0;

  teller.chapter("The real Claude Code, nobody signed in");
  await control.configure({ autoApprove: { delay: 1500 } });
  await apply("acme");
  await ask(ACME.account);
  check((await signIns()) === 1, "Claude Code made one sign-in begin");
  teller.shown("It ran `refresh`, Ada approved, and it got its answer.");

  teller.chapter("The real Claude Code, a second session");
  await ask(ACME.account);
  check((await signIns()) === 1, "no second sign-in was needed");
  teller.shown("No sign-in.");

  teller.chapter("The real Claude Code, credentials revoked");
  await control.revokeRoleCredentials({});
  await ask(ACME.account);
  check((await signIns()) === 1, "no second sign-in was needed");
  teller.shown("It was refused, asked `export` once more, and went on.");

  teller.chapter("The real Claude Code, Globex's script");
  await apply("globex");
  await ask(GLOBEX.account);
  teller.shown("Another organization, and nothing else to learn.");
}
