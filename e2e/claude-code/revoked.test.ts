import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { claudeHouse, describeClaudeCode, type ClaudeHouse } from "../lib/claude-code.ts";
import { signIn } from "../lib/signed-in.ts";
import { threeOrganizations } from "../lib/three-organizations.ts";

describeClaudeCode("revoked in mid-session", () => {
  it.each([
    ["sso", "access-denied"],
    ["sso", "expired"],
    ["script", "unrecognized"],
    ["process", "expired"],
  ] as const)("source %s, AWS answers %s: one refused request, then new credentials", async (source, as) => {
    const house = await claudeHouse();
    const { profile } = await threeOrganizations(house)[source]();
    await house.apply("--profile", profile, "--region", "us-east-1");
    const terminal = house.session();
    await terminal.shows("❯");
    await terminal.type("before");
    await terminal.shows("You said: before");
    const [first] = await house.bedrock();
    await house.simulator.control.revokeRoleCredentials({ as });
    await house.simulator.control.clearRequests();

    await terminal.type("after");
    const screen = await terminal.shows("You said: after");

    expect(screen).not.toMatch(/AWS authentication failed|API Error|keyspring login/);
    const requests = await house.bedrock();
    const refused = requests.filter(({ outcome }) => outcome !== "ok");
    expect(refused.map(({ accessKeyId }) => accessKeyId)).toEqual([first!.accessKeyId]);
    const answered = requests.filter(({ outcome }) => outcome === "ok");
    expect(answered.length).toBeGreaterThan(0);
    for (const { accessKeyId } of answered) expect(accessKeyId).not.toBe(first!.accessKeyId);
    const seconds = (Date.parse(answered[0]!.time) - Date.parse(refused[0]!.time)) / 1000;
    console.log(`${source}, ${as}: answered ${seconds} s after the refusal`);
  });
});

describeClaudeCode("signed out and revoked in mid-session", () => {
  it("export waits, and the turn goes on when somebody has signed in", async () => {
    const { house, terminal } = await stranded();
    await signIn(house);
    await terminal.shows("You said: after");
    const answered = (await house.bedrock()).filter(({ outcome }) => outcome === "ok");
    expect(new Set(answered.map(({ accessKeyId }) => accessKeyId)).size).toBe(1);
    expect(await house.simulator.control.counts()).toMatchObject({ "sso-oidc/StartDeviceAuthorization": 1 });
  });

  it("the session is killed while export waits: nothing is left running", async () => {
    const { house, terminal } = await stranded();
    const session = processes(house).find(({ words }) => words[0]!.endsWith("/claude"));
    process.kill(session!.pid, "SIGKILL");
    while (processes(house).some(({ words }) => words.some((word) => word.endsWith("keyspring.cjs")))) await sleep(200);
    expect(await terminal.ended()).toBe(137);
  });
});

/** A session in the middle of a turn whose credentials were revoked, with nobody signed in: its export waits. */
async function stranded() {
  const house = await claudeHouse();
  await signIn(house);
  // The hook would hold the prompt back, as it should: without it the turn is on its way when the credentials are refused.
  await house.apply("--profile", "acme", "--no-hook", "--no-refresh");
  const terminal = house.session();
  await terminal.shows("❯");
  await terminal.type("before");
  await terminal.shows("You said: before");
  await house.simulator.control.revokeRoleCredentials();
  await house.simulator.control.endSessions();
  await house.simulator.control.clearRequests();
  const before = exports(house);
  await terminal.type("after");
  while (exports(house) < before + 2) await sleep(200);
  return { house, terminal };
}

const exports = (house: ClaudeHouse): number => house.runs().filter(({ command }) => command === "export").length;

/** Whatever runs with this house as its home. */
function processes({ home }: ClaudeHouse): { readonly pid: number; readonly words: readonly string[] }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`HOME=${home}`)) return [];
        return [{ pid: Number(pid), words: readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1) }];
      } catch {
        return [];
      }
    });
}
