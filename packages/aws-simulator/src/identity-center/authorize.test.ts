import { createHash } from "node:crypto";
import { CreateTokenCommand, RegisterClientCommand, SSOOIDCClient } from "@aws-sdk/client-sso-oidc";
import { expect, test } from "vitest";
import { DEFAULT_ORGANIZATION, withSimulator, type Simulator } from "../index.ts";

/** RFC 7636, appendix B. */
const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const REDIRECT = "http://127.0.0.1:43210/oauth/callback";

async function prepared(simulator: Simulator) {
  const oidc = new SSOOIDCClient({ endpoint: simulator.url, region: "eu-west-1", maxAttempts: 1 });
  const { clientId, clientSecret } = await oidc.send(
    new RegisterClientCommand({
      clientName: "test <b>",
      clientType: "public",
      scopes: ["sso:account:access"],
      grantTypes: ["authorization_code", "refresh_token"],
      redirectUris: ["http://127.0.0.1/oauth/callback"],
      issuerUrl: DEFAULT_ORGANIZATION.startUrl,
    }),
  );
  const authorize = (changes: Record<string, string | undefined> = {}) => {
    const query = new URLSearchParams();
    const all: Record<string, string | undefined> = {
      response_type: "code",
      client_id: clientId,
      redirect_uri: REDIRECT,
      state: "s t",
      code_challenge_method: "S256",
      code_challenge: CHALLENGE,
      scopes: "sso:account:access",
      ...changes,
    };
    for (const [name, value] of Object.entries(all)) if (value !== undefined) query.set(name, value);
    return fetch(`${simulator.url}/authorize?${query.toString()}`, { redirect: "manual" });
  };
  const redeem = (code: string, changes: Record<string, string> = {}) =>
    oidc.send(
      new CreateTokenCommand({
        clientId,
        clientSecret,
        grantType: "authorization_code",
        code,
        redirectUri: REDIRECT,
        codeVerifier: VERIFIER,
        ...changes,
      }),
    );
  return { authorize, redeem };
}

async function decided(simulator: Simulator, page: Response, decision: string): Promise<URL> {
  const id = /name="request" value="([^"]+)"/.exec(await page.text())?.[1] ?? "";
  const body = new URLSearchParams({ request: id, user: "bob", decision });
  const answer = await fetch(`${simulator.url}/authorize`, { method: "POST", body, redirect: "manual" });
  expect(answer.status).toBe(302);
  return new URL(answer.headers.get("location")!);
}

test("approved on the page: the code comes to the client's own port, and works once", async () => {
  await withSimulator(async (simulator) => {
    const { authorize, redeem } = await prepared(simulator);
    const page = await authorize();
    expect(page.status).toBe(200);
    const policy = page.headers.get("content-security-policy")!;
    expect(policy).toContain("form-action 'self' http://127.0.0.1:43210;");
    const back = await decided(simulator, page, "approve");
    expect(`${back.origin}${back.pathname}`).toBe(REDIRECT);
    expect(back.searchParams.get("state")).toBe("s t");
    const code = back.searchParams.get("code")!;
    expect(await redeem(code)).toMatchObject({ tokenType: "Bearer", refreshToken: expect.any(String) as string });
    await expect(redeem(code)).rejects.toMatchObject({ name: "InvalidGrantException" });
    expect((await simulator.control.state()).sessions).toMatchObject([{ userName: "bob", alive: true }]);
  });
});

test("denied on the page", async () => {
  await withSimulator(async (simulator) => {
    const { authorize } = await prepared(simulator);
    const back = await decided(simulator, await authorize(), "deny");
    expect(back.searchParams.get("error")).toBe("access_denied");
    expect(back.searchParams.get("code")).toBeNull();
  });
});

test("auto-approved: no page", async () => {
  await withSimulator(
    async (simulator) => {
      const { authorize, redeem } = await prepared(simulator);
      const answer = await authorize({ scopes: undefined, scope: "sso:account:access" });
      expect(answer.status).toBe(302);
      const code = new URL(answer.headers.get("location")!).searchParams.get("code")!;
      expect((await redeem(code)).accessToken).toMatch(/^aoa/);
    },
    { settings: { autoApprove: true } },
  );
});

test("another verifier, another redirect, too late: invalid_grant", async () => {
  await withSimulator(
    async (simulator) => {
      const { authorize, redeem } = await prepared(simulator);
      const fresh = async (): Promise<string> => {
        const answer = await authorize();
        return new URL(answer.headers.get("location")!).searchParams.get("code")!;
      };
      const wrong = { name: "InvalidGrantException" };
      await expect(redeem(await fresh(), { codeVerifier: `${VERIFIER}x` })).rejects.toMatchObject(wrong);
      await expect(redeem(await fresh(), { redirectUri: "http://127.0.0.1:1/oauth/callback" })).rejects.toMatchObject(wrong);
      const late = await fresh();
      await simulator.control.advanceClock({ milliseconds: 5 * 60_000 });
      await expect(redeem(late)).rejects.toMatchObject(wrong);
    },
    { settings: { autoApprove: true } },
  );
});

test.each([
  ["no client", { client_id: "nobody" }, 401],
  ["another path", { redirect_uri: "http://127.0.0.1:43210/elsewhere" }, 400],
  ["another host", { redirect_uri: "http://localhost:43210/oauth/callback" }, 400],
  ["not loopback", { redirect_uri: "https://example.com/oauth/callback" }, 400],
])("%s: a page, never a redirect", async (_, changes, status) => {
  await withSimulator(async (simulator) => {
    const { authorize } = await prepared(simulator);
    const answer = await authorize(changes);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toMatch(/^text\/html/);
    expect(answer.headers.get("location")).toBeNull();
  });
});

test.each([
  ["a plain challenge", { code_challenge_method: "plain" }, "invalid_request"],
  ["no challenge", { code_challenge: undefined }, "invalid_request"],
  ["another response type", { response_type: "token" }, "unsupported_response_type"],
  ["a scope that was not registered", { scopes: "aws" }, "invalid_scope"],
])("%s: sent back with %s", async (_, changes, error) => {
  await withSimulator(async (simulator) => {
    const { authorize } = await prepared(simulator);
    const answer = await authorize(changes);
    expect(answer.status).toBe(302);
    expect(new URL(answer.headers.get("location")!).searchParams.get("error")).toBe(error);
  });
});

test("names of clients stand on the page as text, and the policy allows its style alone", async () => {
  await withSimulator(async (simulator) => {
    const { authorize } = await prepared(simulator);
    const page = await authorize();
    const text = await page.text();
    expect(text).toContain("test &lt;b&gt;");
    const style = /<style>([\s\S]*?)<\/style>/.exec(text)![1]!;
    const hash = createHash("sha256").update(style).digest("base64");
    expect(page.headers.get("content-security-policy")).toContain(`style-src 'sha256-${hash}'`);
    expect(text).not.toMatch(/<script|src=|href=/);
  });
});
