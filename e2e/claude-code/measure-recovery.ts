/**
 * Measures how long a session of the real Claude Code takes to recover when AWS refuses its credentials in mid-session:
 * 1. with Keyspring,
 * 2. with an export command that serves its cache again and again, and a refresh command that renews it,
 * 3. with the same export command alone.
 * Run by hand, for the figures in README.md. It takes about six minutes, and nothing leaves the machine:
 *
 *     npm run fetch:claude-code && npm run build
 *     sudo unshare --net sh -c 'ip link set lo up && KEYSPRING_TEST_NAMESPACE=1 \
 *       node --conditions=@keyspring/source e2e/claude-code/measure-recovery.ts'
 */
import { claudeHouse, type ClaudeHouse } from "../lib/claude-code.ts";
import { grant } from "../lib/three-organizations.ts";

const GIVEN_UP = /AWS authentication failed|API Error/;
/** Longer than Claude Code retries. */
const LONGEST = 8 * 60_000;

const arrangements: Readonly<Record<string, (house: ClaudeHouse) => Promise<unknown>>> = {
  async "with Keyspring"(house) {
    await house.simulator.control.configure({ autoApprove: true });
    await house.apply("--profile", "acme");
  },
  async "with a command that serves its cache, and a refresh command"(house) {
    const { export: awsCredentialExport, refresh: awsAuthRefresh } = caching(house);
    writeSettings(house, { awsCredentialExport, awsAuthRefresh });
  },
  async "with a command that serves its cache, alone"(house) {
    writeSettings(house, { awsCredentialExport: caching(house).export });
  },
};

for (const [name, arrange] of Object.entries(arrangements)) console.log(`${name}: ${await recovery(arrange)}`);

async function recovery(arrange: (house: ClaudeHouse) => Promise<unknown>): Promise<string> {
  const finish: (() => Promise<void>)[] = [];
  const house = await claudeHouse({ onFinished: (work: () => Promise<void>) => void finish.push(work) });
  const { control } = house.simulator;
  try {
    await arrange(house);
    const terminal = house.session();
    await terminal.shows("❯");
    await terminal.type("before");
    await terminal.shows("You said: before");
    await control.revokeRoleCredentials({ as: "expired" });
    await control.clearRequests();
    await terminal.type("after");
    const screen = await terminal.shows(new RegExp(`You said: after|${GIVEN_UP.source}`), LONGEST);
    const requests = await house.bedrock();
    const last = requests.at(-1)!;
    const seconds = (Date.parse(last.time) - Date.parse(requests[0]!.time)) / 1000;
    const refused = requests.filter(({ outcome }) => outcome !== "ok").length;
    return screen.includes("You said: after")
      ? `answered ${seconds.toFixed(1)} s after the first refusal, ${refused} refused`
      : `given up ${seconds.toFixed(1)} s after the first refusal, ${refused} refused`;
  } finally {
    for (const work of finish.toReversed()) await work();
  }
}

/** What many people write: the export command prints what the refresh command last fetched. */
function caching(house: ClaudeHouse): { readonly export: string; readonly refresh: string } {
  const cache = house.path(".aws/sso/cache/grant.json");
  const refresh = `${grant(house, "BedrockUser")} > ${cache}.new && mv ${cache}.new ${cache}`;
  house.write(".aws/sso/cache/.keep", "");
  return { refresh, export: `[ -f ${cache} ] || { ${refresh}; }; cat ${cache}` };
}

function writeSettings(house: ClaudeHouse, lines: Readonly<Record<string, string>>): void {
  const env = { CLAUDE_CODE_USE_BEDROCK: "1", AWS_REGION: "us-east-1" };
  house.write(".claude/settings.json", JSON.stringify({ ...lines, env }));
}
