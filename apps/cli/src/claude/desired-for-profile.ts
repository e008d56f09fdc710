import { CredentialError } from "@keyspring/core";
import { text, type CommandInput } from "../command.ts";
import { errandFor } from "../obtain.ts";
import { findingNotes } from "../present/settings.ts";
import type { Services } from "../services.ts";
import { linesForProfile } from "./lines-for-profile.ts";
import { desiredForAwsProfile } from "./profile-delivery.ts";
import type { Wanted } from "./wanted.ts";

/** The settings that let Claude Code get a profile's credentials from Keyspring. */
export async function desiredForProfile(services: Services, input: CommandInput): Promise<Wanted> {
  const delivery = text(input, "delivery") ?? "export";
  if (delivery === "endpoint")
    throw new CredentialError("USAGE", "--delivery endpoint needs the daemon, which this version does not have", {
      remedy: "Leave --delivery out (export), or use --delivery profile.",
    });
  const { selection } = await errandFor(services, text(input, "profile"));
  if (delivery === "profile") return desiredForAwsProfile(services, input, selection);
  const { settings, findings } = await linesForProfile(services, input, selection);
  const noRegion = settings.env?.["AWS_REGION"] === undefined;
  const notes = noRegion
    ? ["No region is known for Bedrock, so Claude Code will use its own default; name one with --region."]
    : [];
  return { settings, profile: selection.name, notes: [...notes, ...findingNotes(findings)] };
}
