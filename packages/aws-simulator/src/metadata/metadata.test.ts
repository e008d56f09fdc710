import { fromContainerMetadata, fromHttp, fromInstanceMetadata } from "@aws-sdk/credential-providers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { withSimulator, type Simulator } from "../index.ts";

const ACCOUNT = "999988887777";

afterEach(() => {
  vi.unstubAllEnvs();
});

async function offered(simulator: Simulator, by: "instance" | "container"): Promise<void> {
  const { environment } = await simulator.control.offerCredentials({ by, accountId: ACCOUNT, roleName: "Ambient" });
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
}

describe("instance metadata", () => {
  test("gives the SDK somebody else's valid credentials", async () => {
    await withSimulator(async (simulator) => {
      await offered(simulator, "instance");
      const { accessKeyId } = await fromInstanceMetadata()();
      const [key] = (await simulator.control.state()).keys;
      expect(key).toMatchObject({ accessKeyId, source: "instance" });
      expect(key!.principal).toContain(`${ACCOUNT}:assumed-role/Ambient/i-`);
      expect(await simulator.control.counts()).toEqual({ "imds/GetToken": 1, "imds/GetRoleName": 1, "imds/GetCredentials": 1 });
    });
  });

  test("nothing without a token, with an old one, through a proxy, or when nothing is offered", async () => {
    await withSimulator(async (simulator) => {
      const token = (headers: Record<string, string>): Promise<Response> =>
        fetch(`${simulator.url}/latest/api/token`, { method: "PUT", headers });
      const role = (headers: Record<string, string>): Promise<Response> =>
        fetch(`${simulator.url}/latest/meta-data/iam/security-credentials/`, { headers });
      const ttl = { "x-aws-ec2-metadata-token-ttl-seconds": "60" };
      expect((await token(ttl)).status).toBe(404);
      await offered(simulator, "instance");
      expect((await role({})).status).toBe(401);
      expect((await token({})).status).toBe(400);
      expect((await token({ ...ttl, "x-forwarded-for": "10.0.0.1" })).status).toBe(403);
      const headers = { "x-aws-ec2-metadata-token": await (await token(ttl)).text() };
      expect(await (await role(headers)).text()).toBe("Ambient");
      await simulator.control.advanceClock({ milliseconds: 60_000 });
      expect((await role(headers)).status).toBe(401);
    });
  });
});

describe("container credentials", () => {
  test("the same until half of their life is gone", async () => {
    await withSimulator(async (simulator) => {
      await offered(simulator, "container");
      const first = await fromContainerMetadata()();
      expect((await fromHttp()()).accessKeyId).toBe(first.accessKeyId);
      await simulator.control.advanceClock({ milliseconds: 1_900_000 });
      expect((await fromHttp()()).accessKeyId).not.toBe(first.accessKeyId);
    });
  });

  test("a wrong token: 401", async () => {
    await withSimulator(async (simulator) => {
      await offered(simulator, "container");
      const answer = await fetch(`${simulator.url}/container-credentials`, { headers: { authorization: "Bearer wrong" } });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ Code: "Unauthorized" });
    });
  });
});
