import { Sha256 } from "@aws-crypto/sha256-js";
import { BedrockClient, ListInferenceProfilesCommand } from "@aws-sdk/client-bedrock";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { HttpRequest } from "@smithy/core/protocols";
import { SignatureV4 } from "@smithy/signature-v4";
import { describe, expect, test } from "vitest";
import { withSimulator, type RoleCredentials, type Simulator } from "../index.ts";

type Keys = Pick<RoleCredentials, "accessKeyId" | "secretAccessKey"> & { readonly sessionToken?: string };

const services = {
  bedrock: (simulator: Simulator, credentials: Keys, region = "us-east-1") =>
    new BedrockClient({ endpoint: simulator.url, region, credentials, maxAttempts: 1 }).send(
      new ListInferenceProfilesCommand({}),
    ),
  sts: (simulator: Simulator, credentials: Keys, region = "us-east-1") =>
    new STSClient({ endpoint: simulator.url, region, credentials, maxAttempts: 1 }).send(new GetCallerIdentityCommand()),
};

const refusal = (name: string | undefined) => ({ name, $metadata: { httpStatusCode: 403 } });

describe.each([
  ["bedrock" as const, ["UnrecognizedClientException", "InvalidSignatureException", "ExpiredTokenException"]],
  ["sts" as const, ["InvalidClientTokenId", "SignatureDoesNotMatch", "ExpiredToken"]],
])("%s", (service, [unknown, wrong, expired]) => {
  const call = services[service];

  test("good credentials, in any region", async () => {
    await withSimulator(async (simulator) => {
      const keys = await simulator.control.roleCredentials();
      await call(simulator, keys);
      await call(simulator, keys, "eu-central-1");
      expect(await simulator.control.requests()).toMatchObject([
        { outcome: "ok", accessKeyId: keys.accessKeyId, source: "identity-center", status: 200 },
        { outcome: "ok" },
      ]);
    });
  });

  test("long-term keys", async () => {
    await withSimulator(async (simulator) => {
      await call(simulator, await simulator.control.createIamUser({ accountId: "111122223333", userName: "eve" }));
      expect(await simulator.control.requests()).toMatchObject([
        { source: "iam-user", principal: "arn:aws:iam::111122223333:user/eve" },
      ]);
    });
  });

  test("unknown key, another session's token, no token", async () => {
    await withSimulator(async (simulator) => {
      const keys = await simulator.control.roleCredentials();
      const { accessKeyId, secretAccessKey } = keys;
      const other = await simulator.control.roleCredentials();
      await expect(call(simulator, { ...keys, accessKeyId: "ASIAKEYSPRINGSENTINEL" })).rejects.toMatchObject(refusal(unknown));
      await expect(call(simulator, { ...keys, sessionToken: other.sessionToken })).rejects.toMatchObject(refusal(unknown));
      await expect(call(simulator, { accessKeyId, secretAccessKey })).rejects.toMatchObject(refusal(unknown));
    });
  });

  test("wrong secret", async () => {
    await withSimulator(async (simulator) => {
      const keys = await simulator.control.roleCredentials();
      const { secretAccessKey } = await simulator.control.roleCredentials();
      await expect(call(simulator, { ...keys, secretAccessKey })).rejects.toMatchObject(refusal(wrong));
    });
  });

  test("expired, by what is enforced and not by what was claimed", async () => {
    await withSimulator(
      async (simulator) => {
        const keys = await simulator.control.roleCredentials();
        await simulator.control.advanceClock({ milliseconds: 30_000 });
        await call(simulator, keys);
        await simulator.control.advanceClock({ milliseconds: 30_000 });
        await expect(call(simulator, keys)).rejects.toMatchObject(refusal(expired));
        const fresh = await simulator.control.roleCredentials();
        await call(simulator, fresh);
        const claimed = fresh.expiration.getTime() - Date.now();
        expect(claimed).toBeGreaterThan(3_590_000);
        expect(claimed).toBeLessThanOrEqual(3_600_000);
      },
      { settings: { enforcedRoleLifetime: 60_000 } },
    );
  });

  test("revoked as expired or unrecognized, and only what was meant", async () => {
    await withSimulator(async (simulator) => {
      const [first, second, third] = await Promise.all([1, 2, 3].map(() => simulator.control.roleCredentials()));
      const revoked = { revoked: 1 };
      const { control } = simulator;
      expect(await control.revokeRoleCredentials({ accessKeyId: first!.accessKeyId, as: "expired" })).toEqual(revoked);
      expect(await control.revokeRoleCredentials({ accessKeyId: second!.accessKeyId, as: "unrecognized" })).toEqual(revoked);
      await expect(call(simulator, first!)).rejects.toMatchObject(refusal(expired));
      await expect(call(simulator, second!)).rejects.toMatchObject(refusal(unknown));
      await call(simulator, third!);
    });
  });

  test("a server whose clock is an hour ahead, or behind", async () => {
    await withSimulator(async (simulator) => {
      const keys = await simulator.control.roleCredentials();
      for (const milliseconds of [3_000_000, -3_000_000]) {
        // oxlint-disable-next-line no-await-in-loop
        await simulator.control.setClockSkew({ milliseconds });
        // oxlint-disable-next-line no-await-in-loop
        await expect(call(simulator, keys)).rejects.toMatchObject({
          ...refusal(wrong),
          message: expect.stringMatching(/^Signature (expired|not yet current): \d{8}T\d{6}Z is/) as string,
        });
      }
      await simulator.control.setClockSkew({ milliseconds: 240_000 });
      await call(simulator, keys);
    });
  });
});

test("bedrock, revoked as an administrator does: AccessDenied", async () => {
  await withSimulator(async (simulator) => {
    const keys = await simulator.control.roleCredentials();
    expect(await simulator.control.revokeRoleCredentials({ roleName: "ReadOnly" })).toEqual({ revoked: 0 });
    expect(await simulator.control.revokeRoleCredentials({ roleName: "BedrockUser", userName: "alice" })).toEqual({
      revoked: 1,
    });
    await expect(services.bedrock(simulator, keys)).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining("explicit deny") as string,
    });
    await services.bedrock(simulator, await simulator.control.roleCredentials());
  });
});

test("a role that may not: AccessDenied", async () => {
  const roles = [{ roleName: "Viewer", denied: ["bedrock:List*"] }];
  await withSimulator(
    async (simulator) => {
      const keys = await simulator.control.roleCredentials();
      await expect(services.bedrock(simulator, keys)).rejects.toMatchObject({ name: "AccessDeniedException" });
    },
    { organizations: [{ startUrl: "https://acme.awsapps.com/start", accounts: [{ accountId: "123456789012", roles }] }] },
  );
});

interface Changes {
  readonly service?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signedBody?: string;
}

async function post(
  simulator: Simulator,
  keys: Keys,
  { service = "bedrock", headers = {}, ...bodies }: Changes,
): Promise<Response> {
  const { host } = new URL(simulator.url);
  const signer = new SignatureV4({ credentials: keys, region: "us-east-1", service, sha256: Sha256 });
  const request = new HttpRequest({
    method: "POST",
    path: "/model/some-model/invoke",
    headers: { host, "content-type": "application/json" },
    body: bodies.signedBody ?? "{}",
  });
  const signed = await signer.sign(request);
  return fetch(`${simulator.url}/model/some-model/invoke`, {
    method: "POST",
    headers: { ...signed.headers, ...headers },
    body: bodies.body ?? bodies.signedBody ?? "{}",
  });
}

const nameOf = (answer: Response): string | null => answer.headers.get("x-amzn-errortype");

describe("requests made by hand", () => {
  test("a body that is not the signed one", async () => {
    await withSimulator(async (simulator) => {
      const keys = await simulator.control.roleCredentials();
      expect(nameOf(await post(simulator, keys, {}))).toBe("ValidationException");
      expect(nameOf(await post(simulator, keys, { body: "[]" }))).toBe("InvalidSignatureException");
    });
  });

  test("a header changed after signing", async () => {
    await withSimulator(async (simulator) => {
      const keys = await simulator.control.roleCredentials();
      const answer = await post(simulator, keys, { headers: { "content-type": "text/plain" } });
      expect(nameOf(answer)).toBe("InvalidSignatureException");
    });
  });

  test("a signature for another service", async () => {
    await withSimulator(async (simulator) => {
      const answer = await post(simulator, await simulator.control.roleCredentials(), { service: "bedrock-mantle" });
      expect(nameOf(answer)).toBe("InvalidSignatureException");
      expect(await answer.json()).toEqual({ message: "Credential should be scoped to correct service: 'bedrock'." });
    });
  });

  test("unsigned, or with half a signature", async () => {
    await withSimulator(async ({ url }) => {
      const bare = await fetch(`${url}/inference-profiles`);
      expect([bare.status, nameOf(bare)]).toEqual([403, "MissingAuthenticationTokenException"]);
      const half = await fetch(`${url}/inference-profiles`, { headers: { authorization: "AWS4-HMAC-SHA256 Credential=A/B" } });
      expect([half.status, nameOf(half)]).toEqual([400, "IncompleteSignatureException"]);
    });
  });

  test("presigned GetCallerIdentity, in time and too late", async () => {
    await withSimulator(async (simulator) => {
      const keys = await simulator.control.roleCredentials();
      const signer = new SignatureV4({ credentials: keys, region: "us-east-1", service: "sts", sha256: Sha256 });
      const presigned = async (age: number, changed: Readonly<Record<string, string>> = {}): Promise<Response> => {
        const request = new HttpRequest({
          method: "GET",
          path: "/",
          headers: { host: new URL(simulator.url).host },
          query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
        });
        const signingDate = new Date(Date.now() - age);
        const { query } = await signer.presign(request, { expiresIn: 900, signingDate });
        return fetch(
          `${simulator.url}/?${new URLSearchParams({ ...(query as Record<string, string>), ...changed }).toString()}`,
        );
      };
      expect((await presigned(600_000)).status).toBe(200);
      const late = await presigned(901_000);
      expect(late.status).toBe(400);
      expect(await late.text()).toContain("<Code>RequestExpired</Code>");
      // A week at most: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html
      for (const seconds of ["604801", "0", "-1", "soon"]) {
        // oxlint-disable-next-line no-await-in-loop
        const odd = await presigned(0, { "X-Amz-Expires": seconds });
        // oxlint-disable-next-line no-await-in-loop
        expect([seconds, odd.status, await odd.text()]).toEqual([
          seconds,
          400,
          expect.stringContaining("<Code>IncompleteSignature</Code>"),
        ]);
      }
    });
  });
});
