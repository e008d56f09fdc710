import { fakePlatform } from "@keyspring/core/testing";
import { expect, test } from "vitest";
import { shellFormat } from "./shell-format.ts";

test.each([
  ["bash\n", "sh"],
  ["-zsh\n", "sh"],
  ["dash\n", "sh"],
  ["fish\n", "fish"],
  ["pwsh\n", "powershell"],
])("Linux, started by %j: %s", async (comm, format) => {
  const platform = fakePlatform({ env: { SHELL: "/usr/bin/nothing" } });
  await platform.files.writeAtomic("/proc/4241/comm", comm, { mode: 0o444 });
  expect(await shellFormat(platform)).toBe(format);
});

test.each([
  ["/bin/zsh", "sh"],
  ["/opt/homebrew/bin/fish", "fish"],
  ["-bash", "sh"],
])("macOS, started by %s: %s", async (command, format) => {
  const platform = fakePlatform({ os: "darwin", env: { SHELL: "/bin/nothing" }, run: () => ({ stdout: `${command}\n` }) });
  expect(await shellFormat(platform)).toBe(format);
  expect(platform.runs.map((run) => run.command)).toEqual([["/bin/ps", "-o", "comm=", "-p", "4241"]]);
});

test("started by no shell: the login shell decides", async () => {
  const platform = fakePlatform({ env: { SHELL: "/usr/bin/fish" } });
  await platform.files.writeAtomic("/proc/4241/comm", "node\n", { mode: 0o444 });
  expect(await shellFormat(platform)).toBe("fish");
});

test("nothing is known: POSIX", async () => {
  expect(await shellFormat(fakePlatform())).toBe("sh");
});

const windows = (env: Record<string, string>): ReturnType<typeof shellFormat> =>
  shellFormat(fakePlatform({ os: "win32", env }));

test("Windows: PowerShell leaves a variable in its children, cmd does not, Git Bash names itself", async () => {
  expect(await windows({ PSModulePath: "C:\\Program Files\\PowerShell\\Modules" })).toBe("powershell");
  expect(await windows({})).toBe("cmd");
  expect(await windows({ SHELL: "C:\\Program Files\\Git\\usr\\bin\\bash.exe", PSModulePath: "x" })).toBe("sh");
});
