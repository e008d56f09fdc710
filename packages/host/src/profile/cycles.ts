import { invalidConfiguration } from "@keyspring/core";
import type { AwsConfig, AwsSection } from "../aws/aws-config.ts";
import type { Config } from "../config/config.ts";

/** `source_profile` may name the profile itself, which then has keys of its own; any other way back to a profile is a circle. */
export function refuseSourceProfileCycle(profile: AwsSection, aws: AwsConfig): void {
  const chain = [profile.name];
  for (let current: AwsSection | undefined = profile; current !== undefined;) {
    const next: string | undefined = current.entries.get("source_profile")?.value;
    if (next === undefined || next === current.name) return;
    if (chain.includes(next)) throw circle([...chain, next], current, "source_profile");
    chain.push(next);
    current = aws.profiles.get(next);
  }
}

/** A profile whose `credential_process` is Keyspring asking for the same profile again, perhaps by way of others. */
export function refuseOwnCommandCycle(profile: AwsSection, config: Config, aws: AwsConfig): void {
  const chain = [profile.name];
  for (let current: AwsSection | undefined = profile; current !== undefined;) {
    const next: string | undefined = profileOfOwnCommand(current.entries.get("credential_process")?.value ?? "");
    if (next === undefined || config.profiles.has(next)) return;
    if (chain.includes(next)) throw circle([...chain, next], current, "credential_process");
    chain.push(next);
    current = aws.profiles.get(next);
  }
}

/** `"/usr/bin/keyspring" process --profile NAME` → `NAME` */
function profileOfOwnCommand(command: string): string | undefined {
  const words = [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );
  const isKeyspring = words.some((word) =>
    /^keyspring(?:-[\w-]+)?(?:\.(?:cjs|js|cmd|exe))?$/i.test(word.split(/[/\\]/).at(-1)!),
  );
  if (!isKeyspring || !words.some((word) => word === "process" || word === "export")) return undefined;
  const joined = words.find((word) => word.startsWith("--profile="));
  return (
    joined?.slice("--profile=".length) ?? (words.includes("--profile") ? words[words.indexOf("--profile") + 1] : undefined)
  );
}

function circle(chain: readonly string[], last: AwsSection, key: string): Error {
  const { file, line } = last.entries.get(key)!;
  return invalidConfiguration(
    `${file}:${line}: profiles ask for each other in a circle: ${chain.join(" → ")}`,
    `Let ${key} of ${last.name} name something else.`,
  );
}
