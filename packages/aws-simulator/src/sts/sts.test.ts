import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
  type AssumeRoleCommandInput,
  type Credentials,
} from "@aws-sdk/client-sts";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { withSimulator, type Simulator } from "../index.ts";

const ACCOUNT = "111122223333";

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

function sts(simulator: Simulator, credentials?: Keys): STSClient {
  const common = { endpoint: simulator.url, region: "us-east-1", maxAttempts: 1 };
  return new STSClient(credentials === undefined ? common : { ...common, credentials });
}

function keysOf(credentials: Credentials | undefined): Keys {
  return {
    accessKeyId: credentials!.AccessKeyId!,
    secretAccessKey: credentials!.SecretAccessKey!,
    sessionToken: credentials!.SessionToken!,
  };
}

function assume(simulator: Simulator, credentials: Keys, more: Partial<AssumeRoleCommandInput> = {}) {
  const input = { RoleArn: `arn:aws:iam::${ACCOUNT}:role/Deploy`, RoleSessionName: "me@example.com", ...more };
  return sts(simulator, credentials).send(new AssumeRoleCommand(input));
}

function present(simulator: Simulator, token: string, RoleArn = `arn:aws:iam::${ACCOUNT}:role/Ci`) {
  const input = { RoleArn, RoleSessionName: "build-1", WebIdentityToken: token };
  return sts(simulator).send(new AssumeRoleWithWebIdentityCommand(input));
}

describe("AssumeRole", () => {
  test("by a user of the role's account", async () => {
    await withSimulator(async (simulator) => {
      const user = await simulator.control.createIamUser({ accountId: ACCOUNT, userName: "eve" });
      await simulator.control.createIamRole({ accountId: ACCOUNT, roleName: "Deploy" });
      const { Credentials, AssumedRoleUser } = await assume(simulator, user, { DurationSeconds: 900 });
      expect(AssumedRoleUser!.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/Deploy/me@example.com`);
      expect(Credentials!.Expiration!.getTime() - Date.now()).toBeLessThanOrEqual(900_000);
      expect(Credentials!.Expiration!.getTime() - Date.now()).toBeGreaterThan(890_000);
      const caller = await sts(simulator, keysOf(Credentials)).send(new GetCallerIdentityCommand());
      expect(caller).toMatchObject({ Account: ACCOUNT, Arn: AssumedRoleUser!.Arn });
    });
  });

  test.each<[string, Partial<AssumeRoleCommandInput>]>([
    ["a session name with a space", { RoleSessionName: "me and you" }],
    ["a session name of one letter", { RoleSessionName: "m" }],
    ["a session name of 65 letters", { RoleSessionName: "m".repeat(65) }],
    ["shorter than 15 minutes", { DurationSeconds: 899 }],
    ["longer than 12 hours", { DurationSeconds: 43_201 }],
    ["longer than the role's own limit", { DurationSeconds: 3601 }],
    ["a token code without a serial number", { TokenCode: "123456" }],
    ["a token code of letters", { TokenCode: "abcdef", SerialNumber: "arn:aws:iam::1:mfa/x" }],
    ["no ARN", { RoleArn: "Deploy" }],
  ])("%s: ValidationError", async (_, more) => {
    await withSimulator(async (simulator) => {
      const user = await simulator.control.createIamUser({ accountId: ACCOUNT, userName: "eve" });
      await simulator.control.createIamRole({ accountId: ACCOUNT, roleName: "Deploy" });
      await expect(assume(simulator, user, more)).rejects.toMatchObject({
        name: "ValidationError",
        $metadata: { httpStatusCode: 400 },
      });
    });
  });

  test("no such role, or one that does not trust the caller: AccessDenied", async () => {
    await withSimulator(async (simulator) => {
      const user = await simulator.control.createIamUser({ accountId: "444455556666", userName: "mallory" });
      const denied = { name: "AccessDenied", $metadata: { httpStatusCode: 403 } };
      await expect(assume(simulator, user)).rejects.toMatchObject(denied);
      await simulator.control.createIamRole({ accountId: ACCOUNT, roleName: "Deploy" });
      await expect(assume(simulator, user)).rejects.toMatchObject(denied);
    });
  });

  test("external id", async () => {
    await withSimulator(async (simulator) => {
      const user = await simulator.control.createIamUser({ accountId: "444455556666", userName: "vendor" });
      const trusted = [user.arn];
      await simulator.control.createIamRole({ accountId: ACCOUNT, roleName: "Deploy", trusted, externalId: "contract-7" });
      await expect(assume(simulator, user)).rejects.toMatchObject({ name: "AccessDenied" });
      await expect(assume(simulator, user, { ExternalId: "contract-8" })).rejects.toMatchObject({ name: "AccessDenied" });
      expect((await assume(simulator, user, { ExternalId: "contract-7" })).Credentials).toBeDefined();
    });
  });

  test("MFA: the device's code, once", async () => {
    await withSimulator(async (simulator) => {
      const user = await simulator.control.createIamUser({ accountId: ACCOUNT, userName: "eve", mfa: true });
      await simulator.control.createIamRole({ accountId: ACCOUNT, roleName: "Deploy", requireMfa: true });
      const SerialNumber = user.mfaSerialNumber!;
      const { code } = await simulator.control.mfaCode({ serialNumber: SerialNumber });
      const wrong = String((Number(code) + 500_000) % 1_000_000).padStart(6, "0");
      await expect(assume(simulator, user)).rejects.toMatchObject({ name: "AccessDenied" });
      await expect(assume(simulator, user, { SerialNumber, TokenCode: wrong })).rejects.toMatchObject({ name: "AccessDenied" });
      expect((await assume(simulator, user, { SerialNumber, TokenCode: code })).Credentials).toBeDefined();
      await expect(assume(simulator, user, { SerialNumber, TokenCode: code })).rejects.toMatchObject({ name: "AccessDenied" });
    });
  });

  test("chained from a role: one hour at most", async () => {
    await withSimulator(async (simulator) => {
      const first = await simulator.control.roleCredentials();
      const trusted = [first.accountId];
      await simulator.control.createIamRole({ accountId: ACCOUNT, roleName: "Deploy", trusted, maxSessionDuration: 43_200 });
      await expect(assume(simulator, first, { DurationSeconds: 3601 })).rejects.toMatchObject({ name: "ValidationError" });
      expect((await assume(simulator, first, { DurationSeconds: 3600 })).Credentials).toBeDefined();
    });
  });

  test("with revoked credentials: AccessDenied, though they still say who they are", async () => {
    await withSimulator(async (simulator) => {
      const first = await simulator.control.roleCredentials();
      await simulator.control.createIamRole({ accountId: ACCOUNT, roleName: "Deploy", trusted: ["*"] });
      await simulator.control.revokeRoleCredentials();
      await expect(assume(simulator, first)).rejects.toMatchObject({ name: "AccessDenied" });
      expect((await sts(simulator, first).send(new GetCallerIdentityCommand())).Account).toBe(first.accountId);
    });
  });
});

describe("AssumeRoleWithWebIdentity", () => {
  test("a good token, whose keys are published", async () => {
    await withSimulator(async (simulator) => {
      await simulator.control.createIamRole({ accountId: ACCOUNT, roleName: "Ci", webIdentityAudience: "sts.amazonaws.com" });
      const { token, issuer } = await simulator.control.createWebIdentityToken({
        subject: "repo:acme",
        audience: "sts.amazonaws.com",
      });
      const configuration = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as { jwks_uri: string };
      await jwtVerify(token, createRemoteJWKSet(new URL(configuration.jwks_uri)), { issuer });
      const answer = await present(simulator, token);
      expect(answer).toMatchObject({ SubjectFromWebIdentityToken: "repo:acme", Audience: "sts.amazonaws.com" });
      const caller = await sts(simulator, keysOf(answer.Credentials)).send(new GetCallerIdentityCommand());
      expect(caller.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/Ci/build-1`);
    });
  });

  test("expired, for somebody else, forged, no JWT, for a role that takes none", async () => {
    await withSimulator(async (simulator) => {
      const { control } = simulator;
      await control.createIamRole({ accountId: ACCOUNT, roleName: "Ci", webIdentityAudience: "sts.amazonaws.com" });
      await control.createIamRole({ accountId: ACCOUNT, roleName: "People" });
      const made = async (audience: string, lifetime?: number): Promise<string> => {
        const input = { subject: "repo:acme", audience };
        return (await control.createWebIdentityToken(lifetime === undefined ? input : { ...input, lifetime })).token;
      };
      const good = await made("sts.amazonaws.com");
      const [header, , signature] = good.split(".");
      const claims = Buffer.from(JSON.stringify({ sub: "root", aud: "sts.amazonaws.com" })).toString("base64url");
      await expect(present(simulator, await made("sts.amazonaws.com", -1000))).rejects.toMatchObject({
        name: "ExpiredTokenException",
      });
      const invalid = { name: "InvalidIdentityTokenException" };
      await expect(present(simulator, await made("elsewhere"))).rejects.toMatchObject(invalid);
      await expect(present(simulator, `${header}.${claims}.${signature}`)).rejects.toMatchObject(invalid);
      await expect(present(simulator, "nonsense")).rejects.toMatchObject(invalid);
      const people = present(simulator, good, `arn:aws:iam::${ACCOUNT}:role/People`);
      await expect(people).rejects.toMatchObject({ name: "AccessDenied" });
    });
  });
});

test("GetSessionToken: for users, not for sessions", async () => {
  await withSimulator(async (simulator) => {
    const user = await simulator.control.createIamUser({ accountId: ACCOUNT, userName: "eve", mfa: true });
    const SerialNumber = user.mfaSerialNumber!;
    const { code } = await simulator.control.mfaCode({ serialNumber: SerialNumber });
    const { Credentials } = await sts(simulator, user).send(new GetSessionTokenCommand({ SerialNumber, TokenCode: code }));
    const session = sts(simulator, keysOf(Credentials));
    expect((await session.send(new GetCallerIdentityCommand())).Arn).toBe(user.arn);
    await simulator.control.createIamRole({ accountId: ACCOUNT, roleName: "Deploy", requireMfa: true });
    expect((await assume(simulator, keysOf(Credentials))).AssumedRoleUser).toBeDefined();
    await expect(session.send(new GetSessionTokenCommand({}))).rejects.toMatchObject({ name: "AccessDenied" });
  });
});

test("an action that STS does not have", async () => {
  await withSimulator(async ({ url, control }) => {
    const answer = await fetch(url, {
      method: "POST",
      body: new URLSearchParams({ Action: "Destroy", Version: "2011-06-15" }),
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(/<Error><Type>Sender<\/Type><Code>InvalidAction<\/Code>/);
    expect(await control.counts()).toEqual({ "sts/Unknown": 1 });
  });
});
