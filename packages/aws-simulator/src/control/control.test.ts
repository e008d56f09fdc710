import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, test } from "vitest";
import { findSecrets, simulatorControl, withSimulator, type Fault, type Simulator } from "../index.ts";

function register(simulator: Simulator): Promise<Response> {
  const body = JSON.stringify({ clientName: "test", clientType: "public" });
  return fetch(`${simulator.url}/client/register`, { method: "POST", body });
}

async function post(url: string, token: string, body: string): Promise<{ status: number; error: string | undefined }> {
  const answer = await fetch(url, { method: "POST", headers: { authorization: `Bearer ${token}` }, body });
  return { status: answer.status, error: ((await answer.json()) as { error?: string }).error };
}

async function statusesUnder(fault: Fault, requests: number): Promise<(number | string)[]> {
  return withSimulator(async (simulator) => {
    await simulator.control.addFault(fault);
    const seen: (number | string)[] = [];
    for (let made = 0; made < requests; made += 1) {
      // oxlint-disable-next-line no-await-in-loop
      seen.push(
        await register(simulator)
          .then(({ status }) => status)
          .catch(() => "broken"),
      );
    }
    return seen;
  });
}

describe("the control's door", () => {
  test("no token, a wrong one, another process's right one", async () => {
    await withSimulator(async ({ url, controlToken }) => {
      expect((await fetch(`${url}/_control/state`, { method: "POST" })).status).toBe(401);
      await expect(simulatorControl(url, "wrong").state()).rejects.toThrow("control token is missing or wrong");
      const odd = await fetch(`${url}/_control/state`, {
        method: "POST",
        headers: { authorization: `Bearer ${"\u00e9".repeat(controlToken.length)}` },
      });
      expect(odd.status).toBe(401);
      expect((await simulatorControl(url, controlToken).state()).organizations).toHaveLength(1);
    });
  });

  test("what does not exist, is misspelt or is no JSON", async () => {
    await withSimulator(async ({ url, controlToken }) => {
      expect(await post(`${url}/_control/nothing`, controlToken, "{}")).toMatchObject({ status: 404 });
      const misspelt = await post(`${url}/_control/configure`, controlToken, `{"rolelifetime":1}`);
      expect(misspelt).toMatchObject({ status: 400, error: expect.stringContaining("configure: rolelifetime") as string });
      expect(await post(`${url}/_control/state`, controlToken, "{")).toMatchObject({ status: 400 });
      const fault = await post(`${url}/_control/addFault`, controlToken, `{"effect":{"kind":"explode"}}`);
      expect(fault).toMatchObject({ status: 400 });
    });
  });

  test("what cannot be done", async () => {
    await withSimulator(async ({ control }) => {
      await expect(control.approve({ userCode: "AAAA-BBBB" })).rejects.toThrow("no sign-in with the code AAAA-BBBB");
      await expect(control.signIn({ userName: "mallory" })).rejects.toThrow("Acme has no user mallory");
      await expect(control.roleCredentials({ roleName: "Admin" })).rejects.toThrow("no such role");
      await expect(control.createOrganization({ startUrl: "https://acme.awsapps.com/start/" })).rejects.toThrow("already");
      await expect(control.mfaCode({ serialNumber: "none" })).rejects.toThrow("no MFA device");
    });
  });
});

describe("waiting", () => {
  test("resolves when the request has come, and gives it", async () => {
    await withSimulator(async (simulator) => {
      const waiting = simulator.control.waitFor({ operation: "RegisterClient", count: 2 });
      await register(simulator);
      await register(simulator);
      const found = await waiting;
      expect(found).toMatchObject([{ id: 1 }, { id: 2, service: "sso-oidc", outcome: "ok", status: 200 }]);
      const later = simulator.control.waitFor({ operation: "RegisterClient", after: 2 });
      await register(simulator);
      expect(await later).toMatchObject([{ id: 3 }]);
    });
  });

  test("rejects in time, with what there was", async () => {
    await withSimulator(async (simulator) => {
      const waiting = simulator.control.waitFor({ operation: "RegisterClient", timeout: 50 });
      await expect(waiting).rejects.toThrow(/Waited 50 ms for 1 requests .*; there were 0/);
    });
  });

  test("finds requests that are under way", async () => {
    await withSimulator(async (simulator) => {
      await simulator.control.addFault({ operation: "RegisterClient", effect: { kind: "latency", milliseconds: 300 } });
      const slow = register(simulator);
      expect(await simulator.control.waitFor({ outcome: "pending" })).toMatchObject([{ operation: "RegisterClient" }]);
      expect((await slow).status).toBe(200);
      expect(await simulator.control.requests({ outcome: "pending" })).toEqual([]);
    });
  });
});

describe("faults", () => {
  test("hit as often as they should, and what they should", async () => {
    const effect = { kind: "status", status: 503 } as const;
    expect(await statusesUnder({ count: 2, effect }, 3)).toEqual([503, 503, 200]);
    expect(await statusesUnder({ service: "sts", effect }, 1)).toEqual([200]);
    expect(await statusesUnder({ operation: "CreateToken", effect }, 1)).toEqual([200]);
  });

  test("dropped connections", async () => {
    expect(await statusesUnder({ count: 1, effect: { kind: "drop" } }, 2)).toEqual(["broken", 200]);
  });

  test("429 in the service's words, with Retry-After", async () => {
    await withSimulator(async (simulator) => {
      await simulator.control.addFault({ count: 1, effect: { kind: "status", status: 429, retryAfter: 7 } });
      const answer = await register(simulator);
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "7"]);
      expect(answer.headers.get("x-amzn-errortype")).toBe("TooManyRequestsException");
      expect(await simulator.control.requests({ outcome: "TooManyRequestsException" })).toHaveLength(1);
    });
  });

  test("a captive portal's page", async () => {
    await withSimulator(async (simulator) => {
      await simulator.control.addFault({ count: 1, effect: { kind: "garbage" } });
      const answer = await register(simulator);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain("<html>");
    });
  });

  test("cleared one by one, and all", async () => {
    await withSimulator(async (simulator) => {
      const effect = { kind: "drop" } as const;
      const { id } = await simulator.control.addFault({ effect });
      await simulator.control.addFault({ service: "sts", effect });
      await simulator.control.clearFaults({ id });
      expect((await simulator.control.state()).faults).toEqual([{ id: id + 1, service: "sts", effect }]);
      await simulator.control.clearFaults();
      expect((await simulator.control.state()).faults).toEqual([]);
    });
  });
});

test("a skewed clock shows in the Date header, an advanced one does not", async () => {
  await withSimulator(async (simulator) => {
    const dateOf = async (): Promise<number> => Date.parse((await register(simulator)).headers.get("date")!);
    await simulator.control.advanceClock({ milliseconds: 3_600_000 });
    expect(Math.abs((await dateOf()) - Date.now())).toBeLessThan(5000);
    await simulator.control.setClockSkew({ milliseconds: -7_200_000 });
    expect(Math.abs((await dateOf()) - Date.now() + 7_200_000)).toBeLessThan(5000);
  });
});

test("reset goes back to the start, and still knows every secret", async () => {
  await withSimulator(
    async (simulator) => {
      const { control } = simulator;
      const keys = await control.roleCredentials();
      await control.createOrganization({ startUrl: "https://globex.awsapps.com/start" });
      await control.configure({ roleLifetime: 1, autoApprove: true, enforcedRoleLifetime: 5 });
      await control.configure({ autoApprove: null, enforcedRoleLifetime: null });
      expect((await control.state()).settings).toMatchObject({ roleLifetime: 1 });
      expect((await control.state()).settings.autoApprove).toBeUndefined();
      await control.reset();
      const state = await control.state();
      expect(state).toMatchObject({ settings: { roleLifetime: 60_000 }, keys: [], sessions: [] });
      expect(state.organizations).toHaveLength(1);
      const kinds = findSecrets(keys.secretAccessKey + encodeURIComponent(keys.sessionToken), await control.secrets());
      expect(kinds.map(({ kind }) => kind)).toEqual(["secret-access-key", "session-token"]);
      const { accessKeyId, secretAccessKey, sessionToken } = keys;
      const credentials = { accessKeyId, secretAccessKey, sessionToken };
      const client = new STSClient({ endpoint: simulator.url, region: "us-east-1", credentials });
      await expect(client.send(new GetCallerIdentityCommand())).rejects.toMatchObject({ name: "InvalidClientTokenId" });
    },
    { settings: { roleLifetime: 60_000 } },
  );
});

test("two organizations do not know each other's users", async () => {
  await withSimulator(async ({ control }) => {
    await control.createOrganization({ startUrl: "https://globex.awsapps.com/start", users: ["carol"] });
    const { startUrl, region } = await control.signIn({ startUrl: "https://globex.awsapps.com/start" });
    expect([startUrl, region]).toEqual(["https://globex.awsapps.com/start", "us-east-1"]);
    await expect(control.signIn({ startUrl, userName: "alice" })).rejects.toThrow("no user alice");
  });
});

test("neither state nor the request log holds a secret", async () => {
  await withSimulator(async ({ control, url }) => {
    const { accessToken } = await control.signIn();
    await control.createIamUser({ accountId: "111122223333", userName: "eve", mfa: true });
    await fetch(`${url}/federation/credentials?account_id=123456789012&role_name=BedrockUser`, {
      headers: { "x-amz-sso_bearer_token": accessToken },
    });
    const shown = JSON.stringify([await control.state(), await control.requests(), await control.counts()]);
    const secrets = await control.secrets();
    expect(secrets.length).toBeGreaterThan(6);
    expect(findSecrets(shown, secrets)).toEqual([]);
  });
});
