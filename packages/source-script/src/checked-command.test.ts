import { describe, expect, test } from "vitest";
import { fakePlatform, type FakePlatform } from "@keyspring/core/testing";
import { checkedCommand } from "./checked-command.ts";

const SCRIPT = "/opt/acme/grant.sh";

/** A machine on which the script is as it should be; each test spoils one thing. */
function machine(options: Parameters<typeof fakePlatform>[0] = {}): FakePlatform {
  const platform = fakePlatform(options);
  for (const folder of ["/", "/opt", "/opt/acme", "/usr", "/usr/bin"])
    platform.files.put(folder, "", { kind: "folder", mode: 0o755, uid: 0 });
  platform.files.put(SCRIPT, "", { mode: 0o755, uid: 0 });
  platform.files.put("/usr/bin/python3", "", { mode: 0o755, uid: 0 });
  return platform;
}

describe("accepted", () => {
  test("root's script", async () => {
    expect(await checkedCommand(machine(), [SCRIPT, "--json"], "command")).toEqual({
      command: [SCRIPT, "--json"],
      what: `the command ${SCRIPT}`,
    });
  });

  test("the user's own, from the home folder", async () => {
    const platform = machine();
    platform.files.put("/home/ada/bin", "", { kind: "folder", mode: 0o700 });
    platform.files.put("/home/ada/bin/grant", "", { mode: 0o700 });
    expect((await checkedCommand(platform, ["~/bin/grant", "~/x", "a~/b"], "command")).command).toEqual([
      "/home/ada/bin/grant",
      "/home/ada/x",
      "a~/b",
    ]);
  });

  test("in a sticky folder, where nobody replaces another's file", async () => {
    const platform = machine();
    platform.files.put("/tmp", "", { kind: "folder", mode: 0o777, uid: 0, sticky: true });
    platform.files.put("/tmp/grant.sh", "", { mode: 0o700 });
    await checkedCommand(platform, ["/tmp/grant.sh"], "command");
    platform.files.put("/tmp/deep", "", { kind: "folder", mode: 0o700 });
    platform.files.put("/tmp/deep/grant.sh", "", { mode: 0o700 });
    await checkedCommand(platform, ["/tmp/deep/grant.sh"], "command");
  });

  test("through a link", async () => {
    const platform = machine();
    platform.files.link("/usr/bin/grant", SCRIPT);
    expect((await checkedCommand(platform, ["/usr/bin/grant"], "command")).command).toEqual(["/usr/bin/grant"]);
  });

  test("an interpreter whose argument is no file", async () => {
    await checkedCommand(machine(), ["/usr/bin/python3", "-c", "print()", "/no/such/file"], "command");
  });

  test("a data file that others may write, for what is no interpreter", async () => {
    const platform = machine();
    platform.files.put("/opt/acme/data.json", "", { mode: 0o666 });
    await checkedCommand(platform, [SCRIPT, "/opt/acme/data.json"], "command");
  });

  test("a shell's line", async () => {
    expect(await checkedCommand(machine(), `${SCRIPT} | tail -1`, "command")).toEqual({
      command: { shell: `${SCRIPT} | tail -1` },
      what: `the command ${SCRIPT}`,
    });
    expect((await checkedCommand(machine(), "grant | tail -1", "command")).what).toBe("the command of the shell");
  });
});

describe("refused, with what mends it", () => {
  test.each<[string, (platform: FakePlatform) => void, string, string]>([
    ["not there", ({ files }) => void files.remove(SCRIPT), `there is no ${SCRIPT}`, "ls -l /opt/acme"],
    [
      "a link to nowhere",
      ({ files }) => files.link(SCRIPT, "/gone"),
      `${SCRIPT} is a link that leads nowhere`,
      `ls -l ${SCRIPT}`,
    ],
    [
      "a folder",
      ({ files }) => files.put(SCRIPT, "", { kind: "folder" }),
      `${SCRIPT} is a folder, not a command`,
      `ls ${SCRIPT}`,
    ],
    ["a socket", ({ files }) => files.put(SCRIPT, "", { kind: "other" }), `${SCRIPT} is not a regular file`, "Name a program"],
    [
      "not executable, root's",
      ({ files }) => files.put(SCRIPT, "", { mode: 0o644, uid: 0 }),
      `${SCRIPT} is not executable`,
      `Run: sudo chmod a+rx ${SCRIPT}`,
    ],
    [
      "not executable, mine",
      ({ files }) => files.put(SCRIPT, "", { mode: 0o644 }),
      `${SCRIPT} is not executable`,
      `Run: chmod u+x ${SCRIPT}`,
    ],
    [
      "executable for others only",
      ({ files }) => files.put(SCRIPT, "", { mode: 0o655 }),
      `${SCRIPT} is not executable`,
      `Run: chmod u+x ${SCRIPT}`,
    ],
    [
      "another user's",
      ({ files }) => files.put(SCRIPT, "", { mode: 0o755, uid: 1001 }),
      `${SCRIPT} belongs to another user (uid 1001), who could change the command`,
      `sudo chown ada ${SCRIPT}`,
    ],
    [
      "group may write, root's",
      ({ files }) => files.put(SCRIPT, "", { mode: 0o775, uid: 0 }),
      `${SCRIPT} can be written by other users (mode 0775) and so be changed`,
      `Run: sudo chmod go-w ${SCRIPT}`,
    ],
    [
      "everybody may write, mine",
      ({ files }) => files.put(SCRIPT, "", { mode: 0o757 }),
      `${SCRIPT} can be written by other users (mode 0757) and so be changed`,
      `Run: chmod go-w ${SCRIPT}`,
    ],
    [
      "the folder is open",
      ({ files }) => files.put("/opt/acme", "", { kind: "folder", mode: 0o775, uid: 0 }),
      "/opt/acme can be written by other users (mode 0775) and so the command in it replaced",
      "Run: sudo chmod go-w /opt/acme",
    ],
    [
      "the folder is another user's",
      ({ files }) => files.put("/opt/acme", "", { kind: "folder", mode: 0o755, uid: 1001 }),
      "/opt/acme belongs to another user (uid 1001), who could change the command",
      "sudo chown ada /opt/acme",
    ],
    [
      "a folder above is open to everybody",
      ({ files }) => files.put("/opt", "", { kind: "folder", mode: 0o777, uid: 0 }),
      "/opt can be written by other users (mode 0777) and so the command below it replaced",
      "Run: sudo chmod go-w /opt",
    ],
  ])("%s", async (_, spoil, message, remedy) => {
    const platform = machine();
    spoil(platform);
    await expect(checkedCommand(platform, [SCRIPT], "command")).rejects.toMatchObject({
      code: "INVALID_CONFIGURATION",
      message,
      remedy: expect.stringContaining(remedy) as string,
    });
  });

  test.each([
    [["grant.sh"], 'command must begin with an absolute path, and "grant.sh" is none', "command -v grant.sh"],
    [["./grant.sh"], 'command must begin with an absolute path, and "./grant.sh" is none', "realpath ./grant.sh"],
    [["a b;c"], 'command must begin with an absolute path, and "a b;c" is none', "command -v 'a b;c'"],
  ])("%j", async (command, message, remedy) => {
    await expect(checkedCommand(machine(), command, "command")).rejects.toMatchObject({
      message,
      remedy: expect.stringContaining(remedy) as string,
    });
  });

  test("a link in an open folder", async () => {
    const platform = machine();
    platform.files.put("/srv", "", { kind: "folder", mode: 0o777, uid: 0 });
    platform.files.link("/srv/grant", SCRIPT);
    await expect(checkedCommand(platform, ["/srv/grant"], "command")).rejects.toThrow("/srv can be written");
  });

  test.each([
    [["/usr/bin/python3", "-I", "/opt/acme/x.py"]],
    [["/usr/bin/env", "python3", "/opt/acme/x.py"]],
    ["/opt/acme/x.py | tail -1"],
    ["'/opt/acme/x.py' --json"],
  ])("an interpreter's script, or a line's, that others may write: %j", async (command) => {
    const platform = machine();
    platform.files.put("/usr/bin/env", "", { mode: 0o755, uid: 0 });
    platform.files.put("/opt/acme/x.py", "", { mode: 0o666, uid: 0 });
    await expect(checkedCommand(platform, command, "command")).rejects.toThrow("/opt/acme/x.py can be written by other users");
  });

  test("the user's own script, for root", async () => {
    const platform = machine({ uid: 0 });
    platform.files.put(SCRIPT, "", { mode: 0o755, uid: 1000 });
    await expect(checkedCommand(platform, [SCRIPT], "command")).rejects.toMatchObject({
      remedy: `If you trust it, run: sudo chown root ${SCRIPT}`,
    });
  });
});

describe("Windows", () => {
  const path = "C:\\Program Files\\acme\\grant.exe";

  test("an absolute path of a program", async () => {
    const platform = fakePlatform({ os: "win32" });
    platform.files.put(path, "");
    expect((await checkedCommand(platform, [path], "command")).command).toEqual([path]);
  });

  test.each([
    ["C:\\acme\\grant.ps1", "powershell.exe"],
    ["C:\\acme\\grant", "Name an .exe"],
  ])("nothing that runs by itself: %s", async (file, remedy) => {
    const platform = fakePlatform({ os: "win32" });
    platform.files.put(file, "");
    await expect(checkedCommand(platform, [file], "command")).rejects.toMatchObject({
      message: `${file} is nothing that Windows runs by itself`,
      remedy: expect.stringContaining(remedy) as string,
    });
  });

  test("not there, not absolute", async () => {
    const platform = fakePlatform({ os: "win32" });
    await expect(checkedCommand(platform, [path], "command")).rejects.toThrow(`there is no ${path}`);
    await expect(checkedCommand(platform, ["grant.exe"], "command")).rejects.toMatchObject({
      remedy: "Find it: where.exe grant.exe",
    });
  });
});
