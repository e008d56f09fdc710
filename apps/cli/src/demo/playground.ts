import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { shellWord } from "@keyspring/core";
import { must } from "./story.ts";
import type { Stage } from "./stage.ts";
import type { Teller } from "./teller.ts";

/** A shell of the person's own in which everything works on the simulated AWS. Ends with `exit`. */
export async function openPlayground(stage: Stage, teller: Teller): Promise<number> {
  const { platform, home, env, simulator } = stage;
  await simulator.control.configure({ autoApprove: { delay: 3_000 } });
  await writeLauncher(stage);
  must(await stage.keyspring("settings", "apply", "--profile", "acme", "--yes"));
  teller.end(
    [
      "A shell on the simulated AWS. Nobody is signed in yet; sign-ins are approved by themselves after 3 seconds. Try:",
      "  keyspring login",
      "  keyspring status",
      "  keyspring export --profile globex",
      "  keyspring exec -- aws sts get-caller-identity",
      "Leave it with: exit",
    ].join("\n"),
  );
  const shell = platform.os === "win32" ? (platform.env["ComSpec"] ?? "cmd.exe") : (platform.env["SHELL"] ?? "/bin/sh");
  const path = `${join(home, "bin")}${platform.path.delimiter}${env["PATH"] ?? ""}`;
  const { exitCode } = await platform.processes.runInPlace({ command: [shell], env: { ...env, PATH: path } });
  return exitCode;
}

async function writeLauncher({ platform, home }: Stage): Promise<void> {
  const { execPath, script } = platform.self;
  if (platform.os === "win32") {
    await writeFile(join(home, "bin", "keyspring.cmd"), `@"${execPath}" "${script}" %*\r\n`);
    return;
  }
  const launcher = join(home, "bin", "keyspring");
  await writeFile(launcher, `#!/bin/sh\nexec ${shellWord(execPath)} ${shellWord(script)} "$@"\n`);
  await chmod(launcher, 0o755);
}
