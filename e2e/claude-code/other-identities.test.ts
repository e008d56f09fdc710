import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { claudeHouse, describeClaudeCode, expectAnswer, type ClaudeHouse } from "../lib/claude-code.ts";
import { signIn } from "../lib/signed-in.ts";
import { OTHER_IDENTITIES, type OtherIdentity } from "../lib/other-identities.ts";
import { WAYS_TO_FAIL, type WayToFail } from "../lib/ways-to-fail.ts";

const IDENTITIES = Object.entries(OTHER_IDENTITIES);
const wayNamed = (name: string): WayToFail => WAYS_TO_FAIL.find((way) => way.name === name)!;

/** Between the two rules at the bottom; the space is one that does not break. */
const IN_THE_INPUT_LINE = /─\n❯\sa question for later\n─/;

describeClaudeCode("another identity within reach, without Keyspring", () => {
  it.each(IDENTITIES)("%s: Claude Code asks Bedrock as that one", async (_name, putThere) => {
    const house = await claudeHouse();
    const other = await putThere(house);
    const env = { ...other.env, CLAUDE_CODE_USE_BEDROCK: "1", AWS_REGION: "us-east-1" };
    expectAnswer(await house.ask("hello", { env }), "You said: hello");
    expect((await requestsBy(house, other)).length).toBeGreaterThan(0);
  });
});

describeClaudeCode("another identity within reach, Keyspring fails, claude -p", () => {
  it.each(WAYS_TO_FAIL.map((way, index) => [IDENTITIES[index % IDENTITIES.length]![0], way.name] as const))(
    "%s; %s: it ends with an error and says why, nothing was sent",
    async (identity, name) => {
      const { house, other, way } = await broken(identity, name);
      const { exitCode, stdout, stderr } = await house.ask("hello", { env: other.env });
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: expect.stringContaining("API Error") });
      expect(stderr).toMatch(way.told);
      expect(await house.bedrock()).toEqual([]);
    },
  );

  it("on a terminal: it says why there", async () => {
    for (const name of ["not signed in", "Keyspring is uninstalled"]) {
      const { house, other, way } = await broken("[default] profile", name);
      const terminal = house.session(["-p", "hello"], { env: other.env });
      expect(await terminal.ended()).toBe(1);
      expect(terminal.screen()).toMatch(way.told);
      expect(await house.bedrock()).toEqual([]);
    }
  });
});

describeClaudeCode("another identity within reach, Keyspring fails, terminal interface", () => {
  it.each([
    ["[default] profile", "the script fails"],
    ["environment", "config.toml is broken"],
    ["instance metadata", "a file stands where the state folder was"],
    ["container endpoint", "Keyspring is uninstalled"],
  ])("%s; %s: the session says why, and the prompt comes back to the input line", async (identity, name) => {
    const { house, other, way } = await broken(identity, name);
    const terminal = house.session([], { env: other.env });
    const start = await terminal.shows("SessionStart:startup says: Keyspring");
    expect(oneLine(start)).toMatch(way.told);
    await terminal.type("a question for later");
    const blocked = await terminal.shows("operation blocked by hook");
    expect(oneLine(blocked)).toMatch(way.told);
    expect(blocked).toMatch(IN_THE_INPUT_LINE);
    expect(await requestsBy(house, other)).toEqual([]);
    expect((await house.bedrock()).filter(({ outcome }) => outcome === "ok")).toEqual([]);
  });
});

describeClaudeCode("another identity within reach, Identity Center out of reach, terminal interface", () => {
  it("the session says so, goes on trying, and answers when the network is back", async () => {
    const { house, other, way } = await broken("environment", "Identity Center cannot be reached");
    const terminal = house.session([], { env: other.env });
    expect(oneLine(await terminal.shows("SessionStart:startup says: Keyspring"))).toMatch(way.told);
    await terminal.type("a question meanwhile");
    await terminal.shows("UserPromptSubmit says: Keyspring");
    await terminal.shows("retrying");
    await house.simulator.control.clearFaults();
    await terminal.shows("You said: a question meanwhile");
    await expectOnlyKeyspring(house, other);
  });
});

describeClaudeCode("another identity within reach, not signed in, terminal interface", () => {
  it("keyspring login typed into the session: address and code stream, approval, the session answers", async () => {
    const { house, other } = await broken("[default] profile", "not signed in");
    const terminal = house.session([], { env: other.env });
    await terminal.shows(/SessionStart:startup says: Keyspring: nobody is signed in[\s\S]*! keyspring login --profile acme/);
    await terminal.type("a question for later");
    await terminal.shows("operation blocked by hook");
    await terminal.shows(IN_THE_INPUT_LINE);
    terminal.press("C-u");

    await terminal.type("! keyspring login --profile acme");
    await house.simulator.control.waitFor({ operation: "StartDeviceAuthorization", timeout: 60_000 });
    const [signingIn] = (await house.simulator.control.state()).deviceSignIns;
    await terminal.shows(new RegExp(`Sign in at: http\\S+${signingIn!.userCode}`));
    await terminal.shows(`Code: ${signingIn!.userCode}`);
    await house.simulator.control.approve({ userCode: signingIn!.userCode });
    await terminal.shows("Signed in: acme");
    await terminal.shows(/You said/);

    await terminal.type("a question for now");
    await terminal.shows("You said: a question for now");
    await expectOnlyKeyspring(house, other);
  });

  it("signed in from another terminal: Enter sends the prompt that was held back", async () => {
    const { house, other } = await broken("environment", "not signed in");
    const terminal = house.session([], { env: other.env });
    await terminal.shows("SessionStart:startup says: Keyspring");
    await terminal.type("a question for later");
    await terminal.shows(IN_THE_INPUT_LINE);
    await terminal.shows("operation blocked by hook");
    await signIn(house);
    terminal.press("Enter");
    await terminal.shows("You said: a question for later");
    await expectOnlyKeyspring(house, other);
  });
});

/** A house with settings applied, somebody else's identity within reach, and a Keyspring that cannot give anything. */
async function broken(
  identity: string,
  name: string,
): Promise<{ readonly house: ClaudeHouse; readonly other: OtherIdentity; readonly way: WayToFail }> {
  const house = await claudeHouse();
  const way = wayNamed(name);
  const other = await OTHER_IDENTITIES[identity]!(house);
  await house.apply("--profile", "acme");
  await way.arrange(house);
  const settings = house.path(".claude/settings.json");
  if (way.line !== undefined) writeFileSync(settings, way.line(readFileSync(settings, "utf8")));
  return { house, other, way };
}

async function requestsBy(house: ClaudeHouse, { principal }: OtherIdentity) {
  return (await house.bedrock()).filter((request) => request.principal?.startsWith(principal));
}

async function expectOnlyKeyspring(house: ClaudeHouse, other: OtherIdentity): Promise<void> {
  expect(await requestsBy(house, other)).toEqual([]);
  const answered = (await house.bedrock()).filter(({ outcome }) => outcome === "ok");
  for (const request of answered) expect(request.principal).toContain("BedrockUser");
}

/** As a person reads what the interface broke into lines. */
function oneLine(screen: string): string {
  return screen.replaceAll(/\s*\n\s*/g, " ");
}
