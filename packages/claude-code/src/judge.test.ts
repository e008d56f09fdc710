import * as fs from "node:fs/promises";
import * as path from "node:path";
import { fakePlatform } from "@keyspring/core/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { judgeExportCommand, judgeRefreshCommand, type CommandVerdict } from "./index.ts";
import { judgeFailure } from "./judge-failure.ts";
import { firstCommand } from "./shell-words.ts";
import { machine, type Machine } from "./testing/machine.ts";

// Real files and processes, on machines that have other work too.
vi.setConfig({ testTimeout: 30_000 });

const SECRET = "hunter2/NeverIssuedByAWS+secretsecret000";
const TOKEN = `hunter2token${"x".repeat(40)}`;
const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();
const keys = (rest: object = { SessionToken: TOKEN, Expiration: inHours(1) }): object => ({
  AccessKeyId: "ASIAFAKEFAKEFAKE0001",
  SecretAccessKey: SECRET,
  ...rest,
});

let it: Machine;
beforeEach(async () => {
  it = await machine();
});
afterEach(() => it.remove());

const script = async (body: string, mode = 0o755, name = "grant.sh"): Promise<string> => {
  const file = path.join(it.project, name);
  await fs.writeFile(file, `#!/bin/sh\n${body}\n`);
  await fs.chmod(file, mode);
  return file;
};
const prints = (output: string): Promise<string> => script(`cat <<'END'\n${output}\nEND`);
const judge = async (line: string): Promise<CommandVerdict> => {
  const verdict = await judgeExportCommand(it.platform, line);
  expect(JSON.stringify(verdict)).not.toContain("hunter2");
  for (const { what, why, remedy } of verdict.findings) for (const text of [what, why, remedy]) expect(text).toMatch(/^.{8,}$/);
  return verdict;
};
const summary = ({ verdict, findings }: CommandVerdict): string => [verdict, ...findings.map(({ code }) => code)].join(" ");

const ran = (): Promise<boolean> =>
  fs.access(path.join(it.project, "ran")).then(
    () => true,
    () => false,
  );
const touching = (mode?: number): Promise<string> => script("touch ran", mode);
const judgeRefresh = (line: string, env = {}): Promise<CommandVerdict> =>
  judgeRefreshCommand(it.with({ env: { ...it.platform.env, ...env } }), line);

const refused = async (line: string, code: string, remedy: RegExp): Promise<void> => {
  const verdict = await judge(line);
  expect(summary(verdict)).toBe(`refused ${code}`);
  expect(verdict.findings[0]?.remedy).toMatch(remedy);
  expect(await ran()).toBe(false);
};

describe("export command, judged by what it prints", () => {
  const CASES: readonly (readonly [name: string, output: () => string, expected: string])[] = [
    ["STS JSON", () => JSON.stringify({ Credentials: keys() }), "works"],
    ["STS JSON over many lines", () => JSON.stringify({ Credentials: keys(), AssumedRoleUser: {} }, undefined, 2), "works"],
    ["credential_process JSON", () => JSON.stringify({ Version: 1, ...keys() }), "works"],
    ["no Expiration", () => JSON.stringify({ Credentials: keys({ SessionToken: TOKEN }) }), "works no-expiration"],
    [
      "an Expiration that is no time",
      () => JSON.stringify(keys({ SessionToken: TOKEN, Expiration: "soon" })),
      "works no-expiration",
    ],
    ["five minutes left", () => JSON.stringify(keys({ SessionToken: TOKEN, Expiration: inHours(5 / 60) })), "works short-life"],
    ["expired", () => JSON.stringify(keys({ SessionToken: TOKEN, Expiration: inHours(-1) })), "refused expired"],
    ["no session token", () => JSON.stringify({ Credentials: keys({ Expiration: inHours(1) }) }), "refused no-session-token"],
    ["an empty session token", () => JSON.stringify(keys({ SessionToken: "" })), "refused no-session-token"],
    [
      "a banner before the JSON",
      () => `Logging in…\n${JSON.stringify({ Credentials: keys() })}`,
      "needs-wrap unreadable-output",
    ],
    [
      "export lines",
      () =>
        `export AWS_ACCESS_KEY_ID=ASIAFAKEFAKEFAKE0001\nexport AWS_SECRET_ACCESS_KEY='${SECRET}'\nexport AWS_SESSION_TOKEN="${TOKEN}"`,
      "needs-wrap unreadable-output no-expiration",
    ],
    [
      "export lines without token",
      () => `export AWS_ACCESS_KEY_ID=AKIAFAKEFAKEFAKE0001\nexport AWS_SECRET_ACCESS_KEY='${SECRET}'`,
      "refused no-session-token",
    ],
    [
      "Identity Center JSON",
      () =>
        JSON.stringify({
          roleCredentials: {
            accessKeyId: "ASIAFAKEFAKEFAKE0001",
            secretAccessKey: SECRET,
            sessionToken: TOKEN,
            expiration: Date.now() + 3_600_000,
          },
        }),
      "needs-wrap unreadable-output",
    ],
    ["nothing", () => "", "refused no-credentials"],
    ["prose", () => "Welcome to the grant service", "refused no-credentials"],
    ["a web page", () => "<html>hunter2</html>", "refused no-credentials"],
    ["JSON cut off", () => JSON.stringify({ Credentials: keys() }).slice(0, -9), "refused no-credentials"],
  ];
  test.each(CASES)("%s", async (_, output, expected) => {
    expect(summary(await judge(await prints(output())))).toBe(expected);
  });

  test("the shape and the end are told, noise on standard error does no harm", async () => {
    const expiration = inHours(2);
    const file = await script(
      `echo noise hunter2 >&2; echo '${JSON.stringify(keys({ SessionToken: TOKEN, Expiration: expiration }))}'`,
    );
    expect(await judge(file)).toEqual({
      verdict: "works",
      findings: [],
      program: file,
      shape: "credential_process JSON",
      expiration: new Date(expiration),
    });
  });

  test("the variables of the settings file reach the command, its own folder too", async () => {
    const file = await script(`[ "$AWS_PROFILE" = dev ] && [ "$(pwd)" = "${it.project}" ] && echo '${JSON.stringify(keys())}'`);
    expect((await judge(file)).verdict).toBe("refused");
    expect((await judgeExportCommand(it.platform, file, { env: { AWS_PROFILE: "dev" } })).verdict).toBe("works");
  });
});

describe("export command, judged by how it ends", () => {
  test.each([
    ["fails", "echo 'session expired for hunter2' >&2; exit 3", "refused fails"],
    ["fails for want of a terminal", "echo 'bash: /dev/tty: No such device or address' >&2; exit 1", "needs-wrap asks"],
    ["reads a password and finds nobody", "printf 'Password: ' >&2; read x || exit 1", "needs-wrap asks"],
    ["floods", "yes", "refused floods"],
    ["is ended by a signal", "kill -9 $$", "refused fails"],
  ])("%s", async (_, body, expected) => {
    const verdict = await judgeExportCommand(it.platform, await script(body));
    expect(summary(verdict)).toBe(expected);
  });

  test("hangs: stopped at the deadline, and wrapping would help", () => {
    const result = { outcome: "timed-out", exitCode: undefined, signal: undefined, stdout: "", stderr: "" } as const;
    expect(judgeFailure(result, 10_000)).toMatchObject([
      { code: "hangs", wrapCures: true, what: "the command had not ended after 10 s" },
    ]);
    expect(judgeFailure({ ...result, stderr: "MFA code for ada: " }, 10_000)).toMatchObject([
      { code: "asks", wrapCures: true },
    ]);
  });

  test("the deadline is ten seconds, standard input is closed, the shell is the system's", async () => {
    const platform = fakePlatform({ run: () => ({ stdout: JSON.stringify(keys({ SessionToken: TOKEN })) }) });
    platform.files.put("/opt/grant.sh", "", { mode: 0o755, uid: 0 });
    await judgeExportCommand(platform, "/opt/grant.sh --x");
    expect(platform.runs).toMatchObject([{ command: { shell: "/opt/grant.sh --x" }, timeout: 10_000, streams: "closed" }]);
  });
});

describe("export command, not even run", () => {
  test("empty", () => refused("  ", "empty", /--credential-export/));
  test("no such file", () => refused("/opt/nowhere/grant.sh", "missing", /Correct the command/));
  test("a bare name, though it is in PATH", () => refused("cat x", "not-absolute", /^Write \/.*\/cat instead of cat\.$/));
  test("a relative path", async () => {
    await touching();
    await refused("./grant.sh", "not-absolute", /^Write \/.*grant\.sh instead/);
  });
  test("a script that an interpreter is given by a relative path", async () => {
    await touching();
    await refused("/bin/sh grant.sh", "not-absolute", /^Write \/.*grant\.sh instead/);
  });
  test("a built-in or a substitution", async () => {
    await refused("cd /opt && ./grant.sh", "no-program", /Put the line in a script/);
    await refused("$(echo /opt/grant.sh)", "no-program", /Put the line in a script/);
  });
  test("a folder", () => refused(it.project, "not-a-file", /Give the path of the program itself/));
  test("not executable", async () => refused(await touching(0o644), "not-executable", /^Run: chmod u\+rx .*grant\.sh$/));
  test("writable by the group", async () =>
    refused(await touching(0o775), "writable-by-others", /^Run: chmod go-w .*grant\.sh$/));
  test("writable by everybody", async () =>
    refused(await touching(0o757), "writable-by-others", /^Run: chmod go-w .*grant\.sh$/));
  test("in a folder that everybody can write", async () => {
    const file = await touching();
    await fs.chmod(it.project, 0o777);
    await refused(file, "writable-by-others", /^Run: chmod go-w .*project$/);
  });
  test("behind a link to a program that others can write", async () => {
    const file = await touching(0o777);
    await fs.symlink(file, path.join(it.home, "link"));
    await refused(path.join(it.home, "link"), "writable-by-others", /grant\.sh$/);
  });
  test("belonging to another user", async () => {
    const platform = fakePlatform();
    platform.files.put("/opt/grant.sh", "", { mode: 0o755, uid: 1234 });
    const verdict = await judgeExportCommand(platform, "/opt/grant.sh");
    expect(summary(verdict)).toBe("refused foreign-owner");
    expect(verdict.findings[0]?.remedy).toBe("Run: sudo chown ada /opt/grant.sh");
    expect(platform.runs).toEqual([]);
  });
});

describe("refresh command, never run", () => {
  test("aws sso login, found in PATH", async () => {
    const aws = await script("touch ran", 0o755, "aws");
    const verdict = await judgeRefresh("aws sso login --profile myprofile", { PATH: it.project });
    expect([summary(verdict), verdict.program]).toEqual(["works found-in-path", aws]);
    expect(await fs.readdir(it.project)).toEqual(["aws"]);
  });
  test("found nowhere", async () => {
    expect(summary(await judgeRefresh("aws sso login", { PATH: "/nowhere" }))).toBe("refused missing");
  });
  test("an absolute path, variables in front, more behind", async () => {
    const file = await script("touch ran");
    expect(summary(await judgeRefresh(file))).toBe("works");
    expect(summary(await judgeRefresh(`AWS_PROFILE=dev exec "${file}" --now`))).toBe("works");
    expect(summary(await judgeRefresh(`${file} && echo done`))).toBe("works compound");
    expect(await fs.readdir(it.project)).toEqual(["grant.sh"]);
  });
  test("relative to whatever folder", async () => {
    await script("touch ran");
    expect(summary(await judgeRefresh("./grant.sh"))).toBe("refused not-absolute");
  });
  test("unsafe mode", async () => {
    expect(summary(await judgeRefresh(await script("touch ran", 0o777)))).toBe("refused writable-by-others");
  });
});

test.each([
  ["linux", "aws sso login", ["aws", "sso", "login"], false],
  ["linux", "'/opt/my tools/x' \"a b\"", ["/opt/my tools/x", "a b"], false],
  ["linux", "~/bin/x --y", ["/home/ada/bin/x", "--y"], false],
  ["linux", "$HOME/bin/x", ["/home/ada/bin/x"], false],
  ["linux", "A=1 B='2 3' exec /x", ["/x"], false],
  ["linux", "/x | jq .", ["/x"], true],
  ["linux", "/x > /dev/null", ["/x"], true],
  ["linux", "/x a* # note", ["/x", "a*"], true],
  ["linux", "; /x", [], true],
  ["linux", "trap '' INT; set -e && /x --y || echo '{}'", ["/x", "--y"], true],
  ["linux", "trap '' INT", ["trap", "", "INT"], false],
  ["win32", '"C:\\Program Files\\x.exe" --a "b c"', ["C:\\Program Files\\x.exe", "--a", "b c"], false],
  ["win32", "x.cmd & del y", ["x.cmd"], true],
] as const)("first command on %s: %s", (os, line, words, compound) => {
  expect(firstCommand(fakePlatform({ os, env: { HOME: "/home/ada" } }), line)).toEqual({ words, compound });
});
