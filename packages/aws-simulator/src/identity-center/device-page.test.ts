import { expect, test } from "vitest";
import { DEFAULT_ORGANIZATION, withSimulator, type Simulator } from "../index.ts";

async function begun(simulator: Simulator): Promise<string> {
  const post = async (path: string, body: object): Promise<Record<string, string>> => {
    const answer = await fetch(`${simulator.url}${path}`, { method: "POST", body: JSON.stringify(body) });
    return (await answer.json()) as Record<string, string>;
  };
  const { clientId, clientSecret } = await post("/client/register", { clientName: "laptop", clientType: "public" });
  const { startUrl } = DEFAULT_ORGANIZATION;
  const { userCode } = await post("/device_authorization", { clientId, clientSecret, startUrl });
  return userCode!;
}

async function decide(simulator: Simulator, fields: Record<string, string>): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${simulator.url}/device`, { method: "POST", body: new URLSearchParams(fields) });
  return { status: answer.status, text: await answer.text() };
}

async function stateOf(simulator: Simulator): Promise<string | undefined> {
  return (await simulator.control.state()).deviceSignIns[0]?.state;
}

test("without a code it asks for one, with a code it shows that to compare", async () => {
  await withSimulator(async (simulator) => {
    const userCode = await begun(simulator);
    expect(await (await fetch(`${simulator.url}/device`)).text()).toContain(`<label for="user_code">`);
    const typed = userCode.toLowerCase().replace("-", " ");
    const text = await (await fetch(`${simulator.url}/device?user_code=${encodeURIComponent(typed)}`)).text();
    expect(text).toContain(`<output class="code">${userCode}</output>`);
    expect(text).toContain(`value="alice"`);
    expect(text).toContain(`value="bob"`);
    expect(text).toContain("<strong>laptop</strong>");
  });
});

test("approve", async () => {
  await withSimulator(async (simulator) => {
    const user_code = await begun(simulator);
    const page = await decide(simulator, { user_code, user: "bob", decision: "approve" });
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining("Request approved") as string });
    expect(await stateOf(simulator)).toBe("approved");
    const again = await decide(simulator, { user_code, user: "bob", decision: "deny" });
    expect(again).toMatchObject({ status: 400, text: expect.stringContaining("decided already") as string });
  });
});

test("deny", async () => {
  await withSimulator(async (simulator) => {
    const user_code = await begun(simulator);
    expect((await decide(simulator, { user_code, decision: "deny" })).text).toContain("Request denied");
    expect(await stateOf(simulator)).toBe("denied");
  });
});

test("a user who does not exist decides nothing", async () => {
  await withSimulator(async (simulator) => {
    const user_code = await begun(simulator);
    expect((await decide(simulator, { user_code, user: "mallory", decision: "approve" })).status).toBe(400);
    expect(await stateOf(simulator)).toBe("pending");
  });
});

test("a wrong or old code says so", async () => {
  await withSimulator(async (simulator) => {
    const user_code = await begun(simulator);
    expect((await decide(simulator, { user_code: "AAAA-AAAA", decision: "approve" })).text).toContain(
      "no request with this code",
    );
    await simulator.control.advanceClock({ milliseconds: 600_000 });
    expect((await decide(simulator, { user_code, user: "bob", decision: "approve" })).text).toContain("has expired");
  });
});
