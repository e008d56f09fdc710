import { expect, test } from "vitest";
import { bench, MINUTE } from "./testing/bench.ts";
import { readToken, removeToken, writeToken } from "./token-cache.ts";

test("modern token", async () => {
  const { platform, session, putToken } = bench();
  putToken({ minutes: 30 });
  const now = platform.clock.now();
  expect(await readToken(platform, session)).toEqual({
    accessToken: "access-token-1",
    expiresAt: now + 30 * MINUTE,
    refreshToken: "refresh-token-1",
    client: { clientId: "client-1", clientSecret: "client-secret-1", expiresAt: now + 60_000 * MINUTE },
    writtenAt: now,
  });
});

test("legacy token: nothing but access, end in UTC", async () => {
  const { platform, session } = bench({ session: undefined });
  platform.files.put(session.tokenFile, '{"accessToken":"a","expiresAt":"2026-01-01T08:00:00UTC"}');
  expect(await readToken(platform, session)).toMatchObject({ accessToken: "a", expiresAt: Date.parse("2026-01-01T08:00:00Z") });
});

test.each([
  "{}",
  "[]",
  "null",
  '{"accessToken":"a"}',
  '{"accessToken":"","expiresAt":"2026-01-01T08:00:00Z"}',
  '{"accessToken":1}',
])("no token in %s", async (text) => {
  const { platform, session } = bench();
  platform.files.put(session.tokenFile, text);
  expect(await readToken(platform, session)).toBeUndefined();
});

test("caught while another program rewrites the file in place", async () => {
  const { platform, session, putToken } = bench();
  platform.files.put(session.tokenFile, "");
  const reading = readToken(platform, session);
  await platform.clock.advance(50);
  putToken();
  await platform.clock.advance(100);
  expect(await reading).toMatchObject({ accessToken: "access-token-1" });
});

test("torn for good counts as nobody signed in", async () => {
  const { platform, session } = bench();
  platform.files.put(session.tokenFile, '{"accessToken": "a');
  const reading = readToken(platform, session);
  await platform.clock.advance(1000);
  expect(await reading).toBeUndefined();
});

test("written: private, the AWS CLI's times, other programs' fields kept, what the new token lacks dropped", async () => {
  const { platform, session, putToken, tokenFile } = bench();
  putToken({ n: 1, theirs: { kept: true } });
  const now = platform.clock.now();
  await writeToken(platform, session, { accessToken: "new", expiresAt: now + 60 * MINUTE });
  expect(tokenFile()).toEqual({
    theirs: { kept: true },
    startUrl: "https://acme.awsapps.com/start",
    region: "eu-west-1",
    accessToken: "new",
    expiresAt: "2026-01-01T01:00:00Z",
  });
  expect((await platform.files.facts(session.tokenFile))?.mode).toBe(0o600);
});

test("a file of somebody else: which one, why, what to do", async () => {
  const { platform, session } = bench();
  platform.files.fail("read", "EACCES");
  await expect(readToken(platform, session)).rejects.toMatchObject({
    code: "SOURCE_FAILED",
    message: `cannot read ${session.tokenFile} (EACCES)`,
    remedy: expect.stringContaining("ls -l"),
  });
  platform.files.fail("remove", "EROFS");
  await expect(removeToken(platform, session)).rejects.toMatchObject({ message: expect.stringContaining("(EROFS)") });
});
