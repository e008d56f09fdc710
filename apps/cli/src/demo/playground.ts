import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Stage } from "./stage.ts";
import type { Teller } from "./teller.ts";

/** A shell of the person's own in which everything works on the simulated AWS. Ends with `exit`. */
export async function openPlayground(stage: Stage, teller: Teller): Promise<number> {
  const { platform, home, env } = stage;
  const { execPath, script } = platform.self;
  const launcher = join(home, "bin", "keyspring");
  await writeFile(launcher, `#!/bin/sh\nexec '${execPath}' '${script}' "$@"\n`);
  await chmod(launcher, 0o755);
  teller.end(
    [
      "A shell on the simulated AWS. Try: keyspring status · keyspring export --profile globex · keyspring exec -- aws sts get-caller-identity",
      "Sign-ins are approved by themselves. Leave it with: exit",
    ].join("\n"),
  );
  const shell = platform.os === "win32" ? (platform.env["ComSpec"] ?? "cmd.exe") : (platform.env["SHELL"] ?? "/bin/sh");
  const path = `${join(home, "bin")}${platform.path.delimiter}${env["PATH"] ?? ""}`;
  const { exitCode } = await platform.processes.runInPlace({ command: [shell], env: { ...env, PATH: path } });
  return exitCode;
}
