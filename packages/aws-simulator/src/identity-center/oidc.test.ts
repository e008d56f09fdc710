import {
  CreateTokenCommand,
  RegisterClientCommand,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
  type RegisterClientCommandInput,
} from "@aws-sdk/client-sso-oidc";
import { describe, expect, test } from "vitest";
import { DEFAULT_ORGANIZATION, withSimulator, type Simulator } from "../index.ts";

const DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";
const { startUrl } = DEFAULT_ORGANIZATION;
const MINUTE = 60_000;

function clientOf(simulator: Simulator): SSOOIDCClient {
  return new SSOOIDCClient({ endpoint: simulator.url, region: "eu-west-1", maxAttempts: 1 });
}

async function registered(
  oidc: SSOOIDCClient,
  more: Partial<RegisterClientCommandInput> = {},
): Promise<{ clientId: string; clientSecret: string }> {
  const input = { clientName: "test", clientType: "public", scopes: ["sso:account:access"], ...more };
  const { clientId, clientSecret } = await oidc.send(new RegisterClientCommand(input));
  return { clientId: clientId!, clientSecret: clientSecret! };
}

async function begun(simulator: Simulator, more: Partial<RegisterClientCommandInput> = {}) {
  const oidc = clientOf(simulator);
  const client = await registered(oidc, more);
  const device = await oidc.send(new StartDeviceAuthorizationCommand({ ...client, startUrl }));
  const { deviceCode, userCode } = device;
  const poll = () => oidc.send(new CreateTokenCommand({ ...client, grantType: DEVICE_CODE, deviceCode }));
  const refresh = (refreshToken: string | undefined) =>
    oidc.send(new CreateTokenCommand({ ...client, grantType: "refresh_token", refreshToken }));
  return { oidc, client, device, userCode: userCode!, poll, refresh };
}

async function signedIn(simulator: Simulator) {
  const sign = await begun(simulator);
  await simulator.control.approve({ userCode: sign.userCode, userName: "alice" });
  return { ...sign, tokens: await sign.poll() };
}

describe("registration", () => {
  test("answers with what the client needs", async () => {
    await withSimulator(async (simulator) => {
      const answer = await clientOf(simulator).send(new RegisterClientCommand({ clientName: "test", clientType: "public" }));
      const now = Date.now() / 1000;
      expect(answer.clientIdIssuedAt! - now).toBeCloseTo(0, -2);
      expect(answer.clientSecretExpiresAt! - now).toBeCloseTo(90 * 24 * 3600, -2);
    });
  });

  test.each([
    ["another client type", { clientType: "confidential" }, "InvalidClientMetadataException"],
    ["an unknown grant", { grantTypes: ["password"] }, "UnsupportedGrantTypeException"],
    ["an unknown scope", { scopes: ["everything"] }, "InvalidScopeException"],
    ["a redirect to elsewhere", { redirectUris: ["http://example.com/"] }, "InvalidRedirectUriException"],
    ["authorization code without redirect", { grantTypes: ["authorization_code"] }, "InvalidRedirectUriException"],
  ])("%s is refused", async (_, more, name) => {
    await withSimulator(async (simulator) => {
      await expect(registered(clientOf(simulator), more)).rejects.toMatchObject({ name });
    });
  });
});

describe("device code", () => {
  test("undecided, then approved", async () => {
    await withSimulator(
      async (simulator) => {
        const { device, poll, userCode } = await begun(simulator);
        expect(device).toMatchObject({
          verificationUri: `${simulator.url}/device`,
          verificationUriComplete: `${simulator.url}/device?user_code=${userCode}`,
          expiresIn: 600,
          interval: 0,
        });
        await expect(poll()).rejects.toMatchObject({
          name: "AuthorizationPendingException",
          error: "authorization_pending",
          $metadata: { httpStatusCode: 400 },
        });
        await simulator.control.approve({ userCode });
        expect(await poll()).toMatchObject({
          tokenType: "Bearer",
          expiresIn: 3600,
          refreshToken: expect.stringMatching(/^aor/) as string,
        });
        await expect(poll()).rejects.toMatchObject({ name: "InvalidGrantException" });
      },
      { settings: { pollInterval: 0 } },
    );
  });

  test("auto-approval of a user whom the organization does not have", async () => {
    await withSimulator(
      async (simulator) => {
        const { poll } = await begun(simulator);
        await expect(poll()).rejects.toMatchObject({ name: "AuthorizationPendingException" });
      },
      { settings: { autoApprove: { userName: "mallory" } } },
    );
  });

  test("polled too quickly: slow_down, and the interval stays longer", async () => {
    await withSimulator(
      async (simulator) => {
        const { poll } = await begun(simulator);
        await expect(poll()).rejects.toMatchObject({ name: "AuthorizationPendingException" });
        await expect(poll()).rejects.toMatchObject({ name: "SlowDownException", error: "slow_down" });
        await simulator.control.advanceClock({ milliseconds: 21_000 });
        await expect(poll()).rejects.toMatchObject({ name: "SlowDownException" });
        await simulator.control.advanceClock({ milliseconds: 30_000 });
        await expect(poll()).rejects.toMatchObject({ name: "AuthorizationPendingException" });
      },
      { settings: { pollInterval: 20 } },
    );
  });

  test("denied", async () => {
    await withSimulator(async (simulator) => {
      const { poll, userCode } = await begun(simulator);
      await simulator.control.deny({ userCode });
      await expect(poll()).rejects.toMatchObject({ name: "AccessDeniedException", error: "access_denied" });
    });
  });

  test("too late", async () => {
    await withSimulator(async (simulator) => {
      const { poll } = await begun(simulator);
      await simulator.control.advanceClock({ milliseconds: 10 * MINUTE });
      await expect(poll()).rejects.toMatchObject({ name: "ExpiredTokenException", error: "expired_token" });
    });
  });

  test("redeemed by another client", async () => {
    await withSimulator(async (simulator) => {
      const { oidc, device, userCode } = await begun(simulator);
      await simulator.control.approve({ userCode });
      const stranger = await registered(oidc);
      const command = new CreateTokenCommand({ ...stranger, grantType: DEVICE_CODE, deviceCode: device.deviceCode });
      await expect(oidc.send(command)).rejects.toMatchObject({ name: "InvalidGrantException" });
    });
  });

  test("an organization that does not exist", async () => {
    await withSimulator(async (simulator) => {
      const oidc = clientOf(simulator);
      const client = await registered(oidc);
      const command = new StartDeviceAuthorizationCommand({ ...client, startUrl: "https://nobody.awsapps.com/start" });
      await expect(oidc.send(command)).rejects.toMatchObject({ name: "InvalidRequestException" });
    });
  });

  test("a start URL written with #/ at its end is the same", async () => {
    await withSimulator(async (simulator) => {
      const oidc = clientOf(simulator);
      const client = await registered(oidc);
      const answer = await oidc.send(new StartDeviceAuthorizationCommand({ ...client, startUrl: `${startUrl}#/` }));
      expect(answer.userCode).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
    });
  });

  test("a client that registered for the authorization code alone", async () => {
    await withSimulator(async (simulator) => {
      const started = begun(simulator, { grantTypes: ["authorization_code"], redirectUris: ["http://127.0.0.1/"] });
      await expect(started).rejects.toMatchObject({ name: "UnauthorizedClientException" });
    });
  });

  test("a client of the legacy configuration, without scopes, gets no refresh token", async () => {
    await withSimulator(async (simulator) => {
      const { poll, userCode } = await begun(simulator, { scopes: undefined });
      await simulator.control.approve({ userCode });
      expect((await poll()).refreshToken).toBeUndefined();
    });
  });

  test("auto-approval after a delay", async () => {
    await withSimulator(
      async (simulator) => {
        const { poll } = await begun(simulator);
        await expect(poll()).rejects.toMatchObject({ name: "AuthorizationPendingException" });
        await simulator.control.advanceClock({ milliseconds: 60_000 });
        expect((await poll()).accessToken).toMatch(/^aoa/);
        expect(await simulator.control.requests({ operation: "CreateToken", outcome: "ok" })).toMatchObject([
          { principal: "bob" },
        ]);
      },
      { settings: { autoApprove: { userName: "bob", delay: 60_000 } } },
    );
  });
});

describe("refresh token", () => {
  test("each works once, and gives the next", async () => {
    await withSimulator(async (simulator) => {
      const { tokens, refresh } = await signedIn(simulator);
      const second = await refresh(tokens.refreshToken);
      const third = await refresh(second.refreshToken);
      expect(new Set([tokens.refreshToken, second.refreshToken, third.refreshToken]).size).toBe(3);
    });
  });

  test("used twice: the whole family dies, access tokens too", async () => {
    await withSimulator(async (simulator) => {
      const { tokens, refresh } = await signedIn(simulator);
      const second = await refresh(tokens.refreshToken);
      await expect(refresh(tokens.refreshToken)).rejects.toMatchObject({
        name: "InvalidGrantException",
        error: "invalid_grant",
      });
      await expect(refresh(second.refreshToken)).rejects.toMatchObject({ name: "InvalidGrantException" });
      const portal = await fetch(`${simulator.url}/assignment/accounts`, {
        headers: { "x-amz-sso_bearer_token": second.accessToken! },
      });
      expect(portal.status).toBe(401);
    });
  });

  test("used twice within the grace", async () => {
    await withSimulator(
      async (simulator) => {
        const { tokens, refresh } = await signedIn(simulator);
        await refresh(tokens.refreshToken);
        const again = await refresh(tokens.refreshToken);
        await simulator.control.advanceClock({ milliseconds: 11_000 });
        await expect(refresh(tokens.refreshToken)).rejects.toMatchObject({ name: "InvalidGrantException" });
        await expect(refresh(again.refreshToken)).rejects.toMatchObject({ name: "InvalidGrantException" });
      },
      { settings: { refreshTokenGrace: 10_000 } },
    );
  });

  test("of another client", async () => {
    await withSimulator(async (simulator) => {
      const { oidc, tokens } = await signedIn(simulator);
      const stranger = await registered(oidc);
      const command = new CreateTokenCommand({ ...stranger, grantType: "refresh_token", refreshToken: tokens.refreshToken });
      await expect(oidc.send(command)).rejects.toMatchObject({ name: "InvalidGrantException" });
    });
  });

  test("near the session's end: the access token ends with it, and then nothing helps", async () => {
    await withSimulator(
      async (simulator) => {
        const { tokens, refresh } = await signedIn(simulator);
        await simulator.control.advanceClock({ milliseconds: 90 * MINUTE });
        const last = await refresh(tokens.refreshToken);
        expect(last.expiresIn).toBeGreaterThan(29 * 60);
        expect(last.expiresIn).toBeLessThanOrEqual(30 * 60);
        await simulator.control.advanceClock({ milliseconds: 30 * MINUTE });
        await expect(refresh(last.refreshToken)).rejects.toMatchObject({ name: "InvalidGrantException" });
      },
      { settings: { sessionLifetime: 120 * MINUTE } },
    );
  });

  test("after the session was ended by an administrator", async () => {
    await withSimulator(async (simulator) => {
      const { tokens, refresh } = await signedIn(simulator);
      expect(await simulator.control.endSessions({ userName: "alice" })).toEqual({ ended: 1 });
      await expect(refresh(tokens.refreshToken)).rejects.toMatchObject({ name: "InvalidGrantException" });
    });
  });

  test("signing in again early inherits the session's end, after a logout it does not", async () => {
    await withSimulator(
      async (simulator) => {
        const first = await signedIn(simulator);
        await simulator.control.advanceClock({ milliseconds: 60 * MINUTE });
        const second = await signedIn(simulator);
        expect(second.tokens.expiresIn).toBeLessThanOrEqual(60 * 60);
        expect((await simulator.control.state()).sessions).toHaveLength(1);
        const headers = { "x-amz-sso_bearer_token": second.tokens.accessToken! };
        expect((await fetch(`${simulator.url}/logout`, { method: "POST", headers })).status).toBe(200);
        await expect(first.refresh(first.tokens.refreshToken)).rejects.toMatchObject({ name: "InvalidGrantException" });
        const third = await signedIn(simulator);
        expect(third.tokens.expiresIn).toBeGreaterThan(2 * 3600 - 5);
        expect((await simulator.control.state()).sessions.map(({ alive }) => alive)).toEqual([false, true]);
      },
      { settings: { sessionLifetime: 120 * MINUTE, accessTokenLifetime: 120 * MINUTE } },
    );
  });
});

describe("client", () => {
  test("with a wrong secret: 401", async () => {
    await withSimulator(async (simulator) => {
      const { oidc, client } = await begun(simulator);
      const command = new StartDeviceAuthorizationCommand({ ...client, clientSecret: "wrong", startUrl });
      await expect(oidc.send(command)).rejects.toMatchObject({
        name: "InvalidClientException",
        $metadata: { httpStatusCode: 401 },
      });
    });
  });

  test("whose secret has expired: 401", async () => {
    await withSimulator(
      async (simulator) => {
        const { refresh, tokens } = await signedIn(simulator);
        await simulator.control.advanceClock({ milliseconds: 10 * MINUTE });
        await expect(refresh(tokens.refreshToken)).rejects.toMatchObject({ name: "InvalidClientException" });
      },
      { settings: { clientSecretLifetime: 10 * MINUTE } },
    );
  });

  test("that asks for a grant nobody knows", async () => {
    await withSimulator(async (simulator) => {
      const { oidc, client } = await begun(simulator);
      const command = new CreateTokenCommand({ ...client, grantType: "password" });
      await expect(oidc.send(command)).rejects.toMatchObject({ name: "UnsupportedGrantTypeException" });
    });
  });

  test("that sends no JSON", async () => {
    await withSimulator(async (simulator) => {
      const answer = await fetch(`${simulator.url}/token`, { method: "POST", body: "{" });
      expect(answer.status).toBe(400);
      expect(answer.headers.get("x-amzn-errortype")).toBe("InvalidRequestException");
      expect(await answer.json()).toMatchObject({ error: "invalid_request" });
    });
  });

  test("a fault of the server's", async () => {
    await withSimulator(async (simulator) => {
      await simulator.control.addFault({ service: "sso-oidc", count: 1, effect: { kind: "status", status: 500 } });
      const answer = await fetch(`${simulator.url}/client/register`, { method: "POST", body: "{}" });
      expect(answer.status).toBe(500);
      expect(await answer.json()).toMatchObject({ error: "server_error" });
    });
  });
});
