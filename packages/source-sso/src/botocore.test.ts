import { execFile, spawnSync } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import { startSimulator, type Simulator } from "@keyspring/aws-simulator";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { fakePerson, request } from "./testing/bench.ts";
import { realMachine, type RealMachine } from "./testing/real-machine.ts";

/** What the AWS CLI does with its cache is done by botocore; these tests let the real one do it. */
const python = ["python3", "python"].find((name) => spawnSync(name, ["-c", "import botocore.tokens"]).status === 0);
const skipped = python === undefined ? " (skipped: there is no Python with botocore on this machine)" : "";
const withBotocore = test.skipIf(python === undefined);

let simulator: Simulator;
let machine: RealMachine;
beforeAll(async () => {
  simulator = await startSimulator({ settings: { autoApprove: true } });
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  await simulator.control.reset();
  machine = await realMachine(simulator);
  const { start_url, region, account_id, role_name } = machine.options;
  await fs.writeFile(
    path.join(machine.home, "config"),
    `[sso-session acme]\nsso_start_url = ${start_url}\nsso_region = ${region}\nsso_registration_scopes = sso:account:access\n` +
      `[profile acme-dev]\nsso_session = acme\nsso_account_id = ${account_id}\nsso_role_name = ${role_name}\nregion = ${region}\n`,
  );
});
afterEach(() => machine.remove());

async function botocore(script: string): Promise<string> {
  const env = { ...machine.env, AWS_CONFIG_FILE: path.join(machine.home, "config"), AWS_PROFILE: "acme-dev" };
  // Python is found through the caller's own home where a version manager put it there.
  const { stdout } = await promisify(execFile)(pythonPath(), ["-c", script], { env });
  return stdout.trim();
}

function pythonPath(): string {
  return spawnSync(python!, ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).stdout.trim();
}

const ROLE = `
import botocore.session
print(botocore.session.Session().get_credentials().get_frozen_credentials().access_key)`;
const TOKEN = `
import botocore.session, botocore.tokens
session = botocore.session.Session()
token = botocore.tokens.SSOTokenProvider(session).load_token().get_frozen_token()
print(token.expiration.isoformat())`;

withBotocore(
  `signed in by us, used by botocore${skipped}`,
  async () => {
    await machine.source.signIn(request(), fakePerson());
    expect(await botocore(ROLE)).toMatch(/^ASIA/);
    expect(await simulator.control.requests({ operation: "CreateToken" })).toHaveLength(1);
  },
  30_000,
);

withBotocore(
  `our token near its end, refreshed by botocore, used and refreshed by us${skipped}`,
  async () => {
    const { control } = simulator;
    await machine.source.signIn(request(), fakePerson());
    await machine.putToken(await machine.tokenFile(), 5);
    const ours = await machine.tokenFile();
    expect(Date.parse(await botocore(TOKEN))).toBeGreaterThan(Date.now() + 50 * 60_000);
    const theirs = await machine.tokenFile();
    expect(theirs.refreshToken).not.toBe(ours.refreshToken);
    await machine.source.provide(request());
    expect(await machine.tokenFile()).toEqual(theirs);

    await machine.putToken(theirs, -5);
    await machine.source.provide(request());
    const again = await machine.tokenFile();
    expect(again.refreshToken).not.toBe(theirs.refreshToken);
    expect(Object.keys(again).toSorted()).toEqual(Object.keys(theirs).toSorted());
    expect(await botocore(ROLE)).toMatch(/^ASIA/);
    expect((await control.requests({ operation: "CreateToken" })).map(({ outcome }) => outcome)).toEqual(["ok", "ok", "ok"]);
  },
  30_000,
);

withBotocore(
  `botocore stores a token while we are refused the same refresh token: theirs is used${skipped}`,
  async () => {
    const { control } = simulator;
    await control.configure({ refreshTokenGrace: 60_000 });
    await machine.putToken(await control.signIn(), -1);
    const stale = await machine.tokenFile();
    await control.addFault({
      service: "sso-oidc",
      operation: "CreateToken",
      count: 1,
      effect: { kind: "status", status: 400, error: "invalid_grant" },
    });
    const ours = machine.source.provide(request());
    await control.waitFor({ operation: "CreateToken" });
    await botocore(TOKEN);
    const outcome = await ours.then(
      () => "answered",
      (error: { code: string }) => error.code,
    );
    // Python takes most of the time that we wait for another writer; either way its token is what counts.
    if (outcome !== "answered") await machine.source.provide(request());
    const file = await machine.tokenFile();
    expect(file.refreshToken).not.toBe(stale.refreshToken);
    expect((await control.requests({ operation: "CreateToken", outcome: "ok" })).length).toBe(1);
  },
  30_000,
);

withBotocore(
  `botocore's own cache classes read what we wrote, we read what they wrote${skipped}`,
  async () => {
    await machine.source.signIn(request(), fakePerson());
    const loader = `
import json, sys, botocore.utils as u
cache = u.JSONFileCache(${JSON.stringify(path.dirname(machine.session.tokenFile))})
loader = u.SSOTokenLoader(cache=cache)`;
    const read = await botocore(`${loader}
token = loader(${JSON.stringify(machine.options.start_url)}, session_name="acme")
print(json.dumps(sorted(token)))`);
    expect(JSON.parse(read)).toEqual([
      "accessToken",
      "clientId",
      "clientSecret",
      "expiresAt",
      "refreshToken",
      "region",
      "registrationExpiresAt",
      "startUrl",
    ]);
    const legacy = await realMachine(simulator, { session: undefined });
    await botocore(`${loader}
import datetime, dateutil.tz
token = dict(loader(${JSON.stringify(machine.options.start_url)}, session_name="acme"))
token["expiresAt"] = datetime.datetime.now(dateutil.tz.tzutc()) + datetime.timedelta(hours=1)
u.SSOTokenLoader(cache=u.JSONFileCache(${JSON.stringify(path.dirname(legacy.session.tokenFile))})).save_token(${JSON.stringify(legacy.options.start_url)}, token)`);
    expect(await legacy.source.provide(request())).toMatchObject({ accountId: legacy.options.account_id });
    await legacy.remove();
  },
  30_000,
);
