import { checkSettings, type CheckedSetting, type Finding } from "@keyspring/claude-code";
import type { CommandInput } from "../command.ts";
import { paint } from "../present/colour.ts";
import { findingLines } from "../present/settings.ts";
import type { Services } from "../services.ts";

const EXIT_BROKEN = 2;

/** Whether what is set works: each key with its file, its findings, and an exit code for scripts. */
export async function runSettingsCheck(services: Services, input: CommandInput): Promise<number> {
  const { platform, folders, terminal } = services;
  const { settings: checked, findings } = await checkSettings(platform, { stateFolder: folders.state });
  const all = [...findings, ...checked.flatMap((setting) => setting.findings)];
  const works = checked.length > 0 && all.every(({ severity }) => severity !== "error");
  if (input.options["json"] === true) terminal.out(`${JSON.stringify({ works, settings: checked, findings }, undefined, 2)}\n`);
  else terminal.out(report(checked, (name, text) => paint(terminal, name, text)) + findingLines(findings));
  return works ? 0 : EXIT_BROKEN;
}

function report(
  checked: readonly CheckedSetting[],
  colour: (name: "green" | "yellow" | "red", text: string) => string,
): string {
  return checked
    .map(({ key, path, findings }) => `${mark(findings, colour)} ${key}   (${path})\n${findingLines(findings, "  ")}`)
    .join("");
}

function mark(findings: readonly Finding[], colour: (name: "green" | "yellow" | "red", text: string) => string): string {
  if (findings.some(({ severity }) => severity === "error")) return colour("red", "✘");
  return findings.some(({ severity }) => severity === "warning") ? colour("yellow", "⚠") : colour("green", "✔");
}
