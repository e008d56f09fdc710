/**
 * Installs the pinned versions of Claude Code (the newest and the oldest that is supported, 600 MB) from npm into
 * `.cache/claude-code/<version>`, for the tests in e2e/claude-code. They are Anthropic's own packages under their own licence; nothing of
 * them is part of Keyspring.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CLAUDE_CODE,
  claudeCodeBinary,
  claudeCodeFolder,
  OLDEST_CLAUDE_CODE,
  type PinnedClaudeCode,
} from "../e2e/lib/claude-binary.ts";

if (process.platform !== "linux" || process.arch !== "x64") {
  console.error(`The tests with the real Claude Code run on Linux x64 only; this is ${process.platform} ${process.arch}.`);
} else {
  for (const pinned of [CLAUDE_CODE, OLDEST_CLAUDE_CODE]) fetchClaudeCode(pinned);
}

function fetchClaudeCode(pinned: PinnedClaudeCode): void {
  const folder = claudeCodeFolder(pinned);
  if (claudeCodeBinary(pinned) === undefined) {
    mkdirSync(folder, { recursive: true });
    // Without a manifest of its own, npm would look for one in the folders above.
    writeFileSync(join(folder, "package.json"), '{"private":true}\n');
    const { status } = spawnSync(
      "npm",
      [
        "install",
        "--prefix",
        folder,
        "--save-exact",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        `${pinned.package}@${pinned.version}`,
      ],
      { stdio: ["ignore", "inherit", "inherit"] },
    );
    if (status !== 0 || !isPinned(folder, pinned)) {
      rmSync(folder, { recursive: true, force: true });
      console.error(`Claude Code ${pinned.version} could not be installed from npm as it is pinned.`);
      process.exitCode = 1;
      return;
    }
  }
  console.log(claudeCodeBinary(pinned));
}

/** npm checked the download against the registry's digest; this checks the registry against ours. */
function isPinned(folder: string, { package: name, integrity }: PinnedClaudeCode): boolean {
  const lock = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")) as {
    packages: Record<string, { integrity?: string }>;
  };
  return lock.packages[`node_modules/${name}`]?.integrity === integrity;
}
