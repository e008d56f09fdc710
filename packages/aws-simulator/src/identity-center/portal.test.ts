import {
  GetRoleCredentialsCommand,
  ListAccountRolesCommand,
  ListAccountsCommand,
  LogoutCommand,
  paginateListAccounts,
  SSOClient,
} from "@aws-sdk/client-sso";
import { expect, test } from "vitest";
import { withSimulator, type OrganizationInput, type Simulator } from "../index.ts";

const GLOBEX: OrganizationInput = {
  startUrl: "https://globex.awsapps.com/start",
  accounts: Array.from({ length: 120 }, (_, index) => ({ accountId: String(100_000_000_000 + index) })),
  users: ["carol", { userName: "dave", assignments: [{ accountId: "100000000007", roleName: "BedrockUser" }] }],
};

function portal(simulator: Simulator): SSOClient {
  return new SSOClient({ endpoint: simulator.url, region: "us-east-1", maxAttempts: 1 });
}

test("role credentials end when and as the settings say", async () => {
  await withSimulator(
    async (simulator) => {
      const { accessToken } = await simulator.control.signIn();
      const answer = await portal(simulator).send(
        new GetRoleCredentialsCommand({ accessToken, accountId: "123456789012", roleName: "BedrockUser" }),
      );
      const { accessKeyId, secretAccessKey, sessionToken, expiration } = answer.roleCredentials!;
      expect(accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
      expect(secretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/);
      expect(sessionToken!.length).toBeGreaterThan(600);
      expect(expiration! - Date.now()).toBeGreaterThan(50_000);
      expect(expiration! - Date.now()).toBeLessThanOrEqual(60_000);
      const [key] = (await simulator.control.state()).keys;
      expect(Date.parse(key!.expiration!) - Date.now()).toBeLessThanOrEqual(5000);
    },
    { settings: { roleLifetime: 60_000, enforcedRoleLifetime: 5000 } },
  );
});

test("accounts come in pages of at most 100", async () => {
  await withSimulator(
    async (simulator) => {
      const { accessToken } = await simulator.control.signIn({ userName: "carol" });
      const client = portal(simulator);
      const sizes: number[] = [];
      for await (const page of paginateListAccounts({ client, pageSize: 50 }, { accessToken }))
        sizes.push(page.accountList!.length);
      expect(sizes).toEqual([50, 50, 20]);
      expect((await client.send(new ListAccountsCommand({ accessToken }))).accountList).toHaveLength(100);
      const tooMany = client.send(new ListAccountsCommand({ accessToken, maxResults: 101 }));
      await expect(tooMany).rejects.toMatchObject({ name: "InvalidRequestException", $metadata: { httpStatusCode: 400 } });
    },
    { organizations: [GLOBEX] },
  );
});

test("a user sees the accounts and roles that are assigned, and no others", async () => {
  await withSimulator(
    async (simulator) => {
      const { accessToken } = await simulator.control.signIn({ userName: "dave" });
      const client = portal(simulator);
      const { accountList } = await client.send(new ListAccountsCommand({ accessToken }));
      expect(accountList!.map(({ accountId }) => accountId)).toEqual(["100000000007"]);
      const { roleList } = await client.send(new ListAccountRolesCommand({ accessToken, accountId: "100000000007" }));
      expect(roleList).toEqual([{ accountId: "100000000007", roleName: "BedrockUser" }]);
      const elsewhere = { accessToken, accountId: "100000000008" };
      await expect(client.send(new ListAccountRolesCommand(elsewhere))).rejects.toMatchObject({
        name: "ResourceNotFoundException",
      });
      await expect(client.send(new GetRoleCredentialsCommand({ ...elsewhere, roleName: "BedrockUser" }))).rejects.toMatchObject(
        { name: "ForbiddenException", $metadata: { httpStatusCode: 403 } },
      );
    },
    { organizations: [GLOBEX] },
  );
});

test("a token that is unknown, expired or logged out: 401", async () => {
  await withSimulator(
    async (simulator) => {
      const client = portal(simulator);
      const unauthorized = { name: "UnauthorizedException", $metadata: { httpStatusCode: 401 } };
      await expect(client.send(new ListAccountsCommand({ accessToken: "nonsense" }))).rejects.toMatchObject(unauthorized);

      const { accessToken } = await simulator.control.signIn();
      await simulator.control.advanceClock({ milliseconds: 60_000 });
      await expect(client.send(new ListAccountsCommand({ accessToken }))).rejects.toMatchObject(unauthorized);

      const next = await simulator.control.signIn();
      await client.send(new LogoutCommand({ accessToken: next.accessToken }));
      await expect(client.send(new ListAccountsCommand({ accessToken: next.accessToken }))).rejects.toMatchObject(unauthorized);
    },
    { settings: { accessTokenLifetime: 60_000 } },
  );
});

test("a parameter is missing: 400", async () => {
  await withSimulator(async (simulator) => {
    const { accessToken } = await simulator.control.signIn();
    const headers = { "x-amz-sso_bearer_token": accessToken };
    const answer = await fetch(`${simulator.url}/federation/credentials?role_name=BedrockUser`, { headers });
    expect(answer.status).toBe(400);
    expect(answer.headers.get("x-amzn-errortype")).toBe("InvalidRequestException");
  });
});

test("too many requests: 429", async () => {
  await withSimulator(async (simulator) => {
    const { accessToken } = await simulator.control.signIn();
    await simulator.control.setRateLimits({ limits: [{ service: "sso", perSecond: 0, burst: 2 }] });
    const client = portal(simulator);
    await client.send(new ListAccountsCommand({ accessToken }));
    await client.send(new ListAccountsCommand({ accessToken }));
    await expect(client.send(new ListAccountsCommand({ accessToken }))).rejects.toMatchObject({
      name: "TooManyRequestsException",
      $metadata: { httpStatusCode: 429 },
    });
  });
});
