import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { exportedCredentials } from "../lib/expect.ts";
import { house, type House } from "../lib/house.ts";
import { describeWith } from "../lib/needs.ts";
import type { Finished } from "../lib/process.ts";
import { AWS_CLI, NO_AWS_CLI, PYTHON } from "../lib/python.ts";
import { signIn } from "../lib/signed-in.ts";

/** What `aws configure sso` writes. There is no configuration of Keyspring at all. */
const AWS_CONFIG = `[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access

[profile acme-dev]
sso_session = acme
sso_account_id = 123456789012
sso_role_name = BedrockUser
region = us-east-1

[profile acme-read]
sso_session = acme
sso_account_id = 123456789012
sso_role_name = ReadOnly
region = us-east-1
`;
const TOKEN_FILE = `.aws/sso/cache/${createHash("sha1").update("acme").digest("hex")}.json`;

/**
 * What `aws sso login` does (AWS CLI v2, `SSOTokenFetcher` with a device code), by the same classes of botocore; the AWS CLI v1 and
 * boto3 have no such command.
 */
const SSO_LOGIN = `
import os, time, datetime, boto3, dateutil.tz
from botocore.utils import JSONFileCache, SSOTokenLoader
start, region = "https://acme.awsapps.com/start", "eu-west-1"
oidc = boto3.Session().client("sso-oidc", region_name=region)
client = oidc.register_client(clientName="botocore-client-acme", clientType="public", scopes=["sso:account:access"])
code = oidc.start_device_authorization(clientId=client["clientId"], clientSecret=client["clientSecret"], startUrl=start)
while True:
    try:
        token = oidc.create_token(grantType="urn:ietf:params:oauth:grant-type:device_code", deviceCode=code["deviceCode"], clientId=client["clientId"], clientSecret=client["clientSecret"])
        break
    except oidc.exceptions.AuthorizationPendingException: time.sleep(code["interval"])
utc = lambda at: datetime.datetime.fromtimestamp(at, dateutil.tz.tzutc())
SSOTokenLoader(cache=JSONFileCache(os.path.expanduser("~/.aws/sso/cache"))).save_token(start, {
    "startUrl": start, "region": region, "accessToken": token["accessToken"], "expiresAt": utc(time.time() + token["expiresIn"]),
    "clientId": client["clientId"], "clientSecret": client["clientSecret"], "registrationExpiresAt": utc(client["clientSecretExpiresAt"]),
    "refreshToken": token["refreshToken"]}, session_name="acme")
`;

async function sharedHouse(): Promise<House> {
  const home = await house({ config: undefined });
  home.write(".aws/config", AWS_CONFIG);
  return home;
}

/** The profile's caller at STS, as the AWS CLI tells it. */
async function whoAmI(home: House, profile: string): Promise<Finished> {
  const args = ["sts", "get-caller-identity", "--query", "Arn", "--output", "text", "--profile", profile];
  return home.run(AWS_CLI!, args);
}

async function exportedKeyId(home: House, profile: string): Promise<string> {
  return exportedCredentials(await home.keyspring("export", "--profile", profile)).AccessKeyId;
}

interface Token {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: string;
}

const token = (home: House): Token => JSON.parse(home.read(TOKEN_FILE)) as Token;

/** Brings the token's end near without anybody having to wait for it: both sides then renew it. */
function ageToken(home: House, minutesLeft: number): Token {
  const before = token(home);
  const expiresAt = new Date(Date.now() + minutesLeft * 60_000).toISOString().replace(/\.\d+Z$/, "Z");
  home.write(TOKEN_FILE, JSON.stringify({ ...before, expiresAt }));
  return before;
}

async function redeemed(home: House): Promise<string[]> {
  return (await home.simulator.control.requests({ operation: "CreateToken" }))
    .filter(({ outcome }) => outcome !== "AuthorizationPendingException" && outcome !== "authorization_pending")
    .map(({ outcome }) => outcome);
}

describe("profiles of ~/.aws/config, without any configuration of Keyspring", () => {
  it("the profile that AWS_PROFILE names is the one that is meant", async () => {
    const home = await sharedHouse();
    await signIn(home, "acme-dev");
    const { exitCode, stdout } = await home.start(["status", "--json"], { env: { ...home.env, AWS_PROFILE: "acme-dev" } })
      .finished;
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      profiles: [{ profile: "acme-dev", source: "sso", credentials: { state: "fresh" } }],
    });
  });
});

describeWith("one sign-in for Keyspring and the AWS CLI", NO_AWS_CLI, () => {
  it("signed in by `keyspring login`: the AWS CLI uses it, for every profile of the session", async () => {
    const home = await sharedHouse();
    await signIn(home, "acme-dev");
    const [dev, read] = await Promise.all([whoAmI(home, "acme-dev"), whoAmI(home, "acme-read")]);
    expect(dev).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("BedrockUser"), stderr: "" });
    expect(read).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("ReadOnly"), stderr: "" });
    expect(await redeemed(home)).toEqual(["ok"]);
  });

  it("signed in by botocore: Keyspring uses it, and never shows a sign-in of its own", async () => {
    const home = await sharedHouse();
    await home.simulator.control.configure({ autoApprove: true });
    expect(await home.run(PYTHON!, ["-c", SSO_LOGIN])).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
    expect(await home.keyspring("refresh", "--profile", "acme-dev")).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
    await exportedKeyId(home, "acme-read");
    expect(await redeemed(home)).toEqual(["ok"]);
    expect((await home.simulator.control.counts())["sso-oidc/StartDeviceAuthorization"]).toBe(1);
  });

  it("token about to end: what one side renews the other uses, in turn", async () => {
    const home = await sharedHouse();
    await signIn(home, "acme-dev");

    const signedIn = ageToken(home, 3);
    expect(await whoAmI(home, "acme-read")).toMatchObject({ exitCode: 0, stderr: "" });
    const theirs = token(home);
    expect(theirs.refreshToken).not.toBe(signedIn.refreshToken);
    await exportedKeyId(home, "acme-read");
    expect(token(home)).toEqual(theirs);

    ageToken(home, -1);
    await home.simulator.control.revokeRoleCredentials({});
    expect(await home.keyspring("logout", "--profile", "nobody")).toMatchObject({ exitCode: 2 });
    home.write(".aws/config", AWS_CONFIG.replace("sso_role_name = ReadOnly", "sso_role_name = BedrockUser"));
    await exportedKeyId(home, "acme-read");
    const ours = token(home);
    expect(ours.refreshToken).not.toBe(theirs.refreshToken);
    expect(Object.keys(ours).toSorted()).toEqual(Object.keys(theirs).toSorted());
    expect(await whoAmI(home, "acme-read")).toMatchObject({ exitCode: 0, stderr: "" });
    expect(token(home)).toEqual(ours);
    expect(await redeemed(home)).toEqual(["ok", "ok", "ok"]);
  });

  it("both renew at the same moment: both answer, and the sign-in survives", async () => {
    const home = await sharedHouse();
    const { control } = home.simulator;
    // The AWS CLI knows no lock; Identity Center forgives a refresh token that comes twice within moments.
    await control.configure({ refreshTokenGrace: 60_000 });
    await signIn(home, "acme-dev");
    for (let round = 0; round < 3; round += 1) {
      ageToken(home, -1);
      const role = `[profile race-${round}]\nregion = us-east-1`;
      home.write(
        ".aws/config",
        `${AWS_CONFIG}\n${role}\nsso_session = acme\nsso_account_id = 123456789012\nsso_role_name = ReadOnly\n`,
      );
      const [ours, theirs] = await Promise.all([
        home.keyspring("export", "--profile", `race-${round}`),
        whoAmI(home, `race-${round}`),
      ]);
      exportedCredentials(ours);
      expect(theirs).toMatchObject({ exitCode: 0, stderr: "" });
      expect(Date.parse(token(home).expiresAt)).toBeGreaterThan(Date.now());
    }
    expect((await control.state()).sessions).toMatchObject([{ alive: true }]);
  });

  it("signed out by `keyspring logout`: the AWS CLI is signed out, too", async () => {
    const home = await sharedHouse();
    await signIn(home, "acme-dev");
    expect(await home.keyspring("logout", "--profile", "acme-dev")).toMatchObject({ exitCode: 0, stdout: "" });
    const { exitCode, stderr } = await whoAmI(home, "acme-dev");
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/token|SSO/i);
  });
});
