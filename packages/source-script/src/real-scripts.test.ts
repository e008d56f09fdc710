import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodePlatform } from "@keyspring/host";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fakeInteraction, flatJson, keepingLog, request, scriptSource } from "./testing/bench.ts";

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const pidsIn = (text: string): number[] => [...text.matchAll(/pid (\d+)/g)].map(([, pid]) => Number(pid));

/** An orphan that was killed stays a zombie until init notices. */
const expectGone = (pids: readonly number[]): Promise<void> =>
  expect.poll(() => pids.filter(isAlive), { timeout: 5000 }).toEqual([]);

/** Real children of the real system. POSIX only: on Windows there is no sh to write them for. */
describe.skipIf(process.platform === "win32")("real scripts", () => {
  const folder = mkdtempSync(join(tmpdir(), "keyspring-script-"));
  const platform = nodePlatform();
  const good = flatJson(new Date(Date.now() + 3_600_000));
  const identity = JSON.parse(good) as Record<string, string>;
  let count = 0;

  beforeAll(() => chmodSync(folder, 0o700));
  afterAll(() => rmSync(folder, { recursive: true }));

  const script = (body: string, mode = 0o700): string => {
    const path = join(folder, `script-${(count += 1)}.sh`);
    writeFileSync(path, `#!/bin/sh\n${body}\n`);
    chmodSync(path, mode);
    return path;
  };

  test("a banner before the JSON, noise on stderr, input that has ended", async () => {
    const log = keepingLog();
    const path = script(`echo "Hello {you}"; echo noise >&2; cat; printf '%s' '${good}'`);
    const source = await scriptSource(platform, { command: [path] }, log);
    expect(await source.provide(request)).toMatchObject({ accessKeyId: identity["AccessKeyId"] });
    expect(log.lines.join("\n")).toContain("noise");
    expect(log.lines.join("\n")).not.toContain(identity["SecretAccessKey"]);
  });

  test("the printed environment of an export script, its own variables, the home folder", async () => {
    const path = script(
      `test "$PWD" = "${platform.home}" && test "$KEYSPRING_PROFILE" = acme && test -z "$AWS_PROFILE" || exit 9\n` +
        `echo "export AWS_ACCESS_KEY_ID=$ID"; echo "export AWS_SECRET_ACCESS_KEY='s3cr3t'"`,
    );
    const source = await scriptSource(
      { ...platform, env: { ...platform.env, AWS_PROFILE: "other" } },
      { command: [path], env: { ID: "AKIAREAL" } },
    );
    expect(await source.provide(request)).toEqual({ accessKeyId: "AKIAREAL", secretAccessKey: "s3cr3t" });
  });

  test("through the shell", async () => {
    const path = script(`echo '${good}'`);
    const source = await scriptSource(platform, { command: `echo Hello && ${path} | cat`, shell: true });
    expect(await source.provide(request)).toMatchObject({ accessKeyId: identity["AccessKeyId"] });
  });

  test("exits non-zero", async () => {
    const source = await scriptSource(platform, { command: [script("echo starting >&2; echo 'no VPN' >&2; exit 4")] });
    await expect(source.provide(request)).rejects.toMatchObject({
      code: "SOURCE_FAILED",
      message: expect.stringMatching(/exit code 4: no VPN$/) as string,
    });
  });

  test("hangs, its children hang, and both ignore SIGTERM: all are gone", async () => {
    const log = keepingLog();
    const path = script(
      `trap '' TERM; (trap '' TERM; echo "pid $(exec sh -c 'echo $PPID')" >&2; sleep 60; sleep 60) & echo "pid $$" >&2; sleep 60; sleep 60`,
    );
    const source = await scriptSource(platform, { command: [path], timeout: "1500ms" }, log);
    const start = performance.now();
    await expect(source.provide(request)).rejects.toMatchObject({ code: "TIMED_OUT" });
    expect(performance.now() - start).toBeLessThan(8000);
    const pids = pidsIn(log.lines.join("\n"));
    expect(pids.length).toBe(2);
    await expectGone(pids);
  }, 15_000);

  test("leaves a grandchild behind that holds its output open: the answer is not waited for", async () => {
    const path = script(`sleep 30 & echo "pid $!" >&2; echo '${good}'`);
    const log = keepingLog();
    const source = await scriptSource(platform, { command: [path] }, log);
    const start = performance.now();
    await source.provide(request);
    expect(performance.now() - start).toBeLessThan(5000);
    await expectGone(pidsIn(log.lines.join("\n")));
  }, 15_000);

  test("floods", async () => {
    const source = await scriptSource(platform, { command: [script("exec yes")], output_limit: 65_536 });
    await expect(source.provide(request)).rejects.toMatchObject({
      code: "INVALID_OUTPUT",
      message: expect.stringMatching(/printed more than 65536 bytes/) as string,
    });
  });

  test("interrupted", async () => {
    const controller = new AbortController();
    const source = await scriptSource(platform, { command: [script("sleep 60")] });
    const answer = source.provide({ ...request, signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    await expect(answer).rejects.toMatchObject({ code: "CANCELLED" });
  });

  test("its interpreter is not there", async () => {
    const path = join(folder, "no-interpreter");
    writeFileSync(path, "#!/no/such/interpreter\n");
    chmodSync(path, 0o700);
    const source = await scriptSource(platform, { command: [path] });
    await expect(source.provide(request)).rejects.toMatchObject({ code: "INVALID_CONFIGURATION" });
  });

  test.each([
    [0o722, "chmod go-w"],
    [0o600, "chmod u+x"],
  ])("mode %o, and mended as told", async (mode, remedy) => {
    const path = script(`echo '${good}'`, mode);
    const source = await scriptSource(platform, { command: [path] });
    const error: unknown = await source.provide(request).catch((thrown: unknown) => thrown);
    // Root may write and run what it likes, but is told the same.
    expect(error).toMatchObject({ code: "INVALID_CONFIGURATION", remedy: expect.stringContaining(remedy) as string });
    const { execSync } = await import("node:child_process");
    execSync((error as { remedy: string }).remedy.replace("Run: ", ""));
    await source.provide(request);
  });

  test("an open folder, also behind a link", async () => {
    const open = mkdtempSync(join(folder, "open-"));
    const path = join(open, "grant.sh");
    writeFileSync(path, `#!/bin/sh\necho '${good}'\n`);
    chmodSync(path, 0o700);
    chmodSync(open, 0o777);
    const link = join(folder, "link");
    symlinkSync(path, link);
    const source = await scriptSource(platform, { command: [link] });
    await expect(source.provide(request)).rejects.toThrow(`${open} can be written by other users`);
    chmodSync(open, 0o1777);
    await source.provide(request);
  });

  test("sign-in, then credentials", async () => {
    const signedIn = join(folder, "signed-in");
    const command = [script(`test -e ${signedIn} || { echo 'not signed in' >&2; exit 3; }; echo '${good}'`)];
    const login = [
      script(`echo 'Open https://login.example.com/start?x=1'; echo 'Enter code: WXYZ-1234' >&2; touch ${signedIn}`),
    ];
    const source = await scriptSource(platform, { command, sign_in_command: login });
    await expect(source.provide(request)).rejects.toMatchObject({
      code: "SIGN_IN_REQUIRED",
      remedy: "Run: keyspring login --profile acme",
    });
    const interaction = fakeInteraction();
    await source.signIn?.(request, interaction);
    expect(interaction.shown).toContainEqual(expect.objectContaining({ url: "https://login.example.com/start?x=1" }));
    expect(interaction.said.join("\n")).toContain("WXYZ-1234");
    expect(await source.provide(request)).toMatchObject({ accessKeyId: identity["AccessKeyId"] });
  });

  test("sign-in that asks a question gets no answer and does not hang", async () => {
    const login = [script("printf 'Password: '; read answer || { echo 'no input' >&2; exit 1; }")];
    const source = await scriptSource(platform, { command: [script("exit 3")], sign_in_command: login });
    await expect(source.signIn?.(request, fakeInteraction())).rejects.toMatchObject({
      code: "SOURCE_FAILED",
      message: expect.stringMatching(/no input$/) as string,
    });
  });
});
