export interface SectionTitle {
  readonly kind: "profile" | "sso-session" | "services" | "foreign";
  readonly name: string;
  /** What not every SDK reads alike. */
  readonly warning?: string;
}

/** Letters that every SDK reads in a name without quotes. */
const PLAIN = /^[\w@+.%:/-]+$/;

/** `profile NAME`, `sso-session NAME`, `services NAME` or `default`, as titles in `~/.aws/config` say. */
export function configTitle(title: string): SectionTitle {
  if (title === "default") return { kind: "profile", name: "default" };
  if (title === "DEFAULT")
    return foreign(title, "boto3 gives the keys of [DEFAULT] to every profile, other SDKs ignore it; name it [default]");
  const found = /^(profile|sso-session|services)\s+(.+)$/.exec(title);
  if (found === null) return foreign(title, `no SDK reads [${title}] in this file; a profile is written [profile ${title}]`);
  const [, kind, written] = found as unknown as [string, "profile" | "sso-session" | "services", string];
  const name = unquoted(written);
  if (PLAIN.test(name)) return { kind, name };
  return { kind, name, warning: `the JavaScript SDK, and so Claude Code, does not see [${title}]; use a name without spaces` };
}

/** In `~/.aws/credentials` a title is a profile's name. */
export function credentialsTitle(title: string): SectionTitle {
  if (title === "DEFAULT")
    return foreign(title, "boto3 gives the keys of [DEFAULT] to every profile, other SDKs ignore it; name it [default]");
  if (/^(?:profile|sso-session|services)\s/.test(title))
    return foreign(title, "in the credentials file a profile is written without a word before its name");
  return { kind: "profile", name: unquoted(title) };
}

function unquoted(text: string): string {
  return /^(["']).*\1$/.test(text) && text.length > 1 ? text.slice(1, -1) : text;
}

function foreign(name: string, warning: string): SectionTitle {
  return { kind: "foreign", name, warning };
}
