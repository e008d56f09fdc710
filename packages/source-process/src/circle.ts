import { invalidConfiguration, type CredentialError, type Platform } from "@keyspring/core";

/** Commands of Keyspring that resolve a profile. */
const RESOLVING = new Set(["export", "process", "env", "exec", "refresh", "login", "status"]);

/**
 * The error for a command which is Keyspring itself, asked for a profile that is being resolved already: it would wait for itself. Other
 * circles are noticed by the child, which is told the chain.
 */
export function circleIn(
  words: readonly string[],
  { platform, chain, profile }: { readonly platform: Platform; readonly chain: readonly string[]; readonly profile: string },
  where: string,
): CredentialError | undefined {
  const at = words.findIndex((word) => isKeyspring(word, platform));
  // First, or after what only starts it: elsewhere the word is an argument of something else.
  if (at === -1 || !words.slice(0, at).every((word) => isStarter(word, platform))) return undefined;
  const args = words.slice(at + 1);
  const end = args.indexOf("--");
  const own = end === -1 ? args : args.slice(0, end);
  if (!own.some((word) => RESOLVING.has(word))) return undefined;
  const asked = profileAsked(own) ?? profile;
  if (asked !== profile && !chain.includes(asked)) return undefined;
  return invalidConfiguration(
    `${where} asks Keyspring for ${asked} again, which would never end: ${[...chain, asked].join(" → ")}`,
    `Give the profile a source of its own in config.toml: [profiles.${asked}].`,
  );
}

function isKeyspring(word: string, { path, self }: Platform): boolean {
  return word === self.script || /^keyspring(?:-[\w-]+)?(?:\.(?:exe|cmd|bat|[cm]?js))?$/i.test(path.basename(word));
}

function isStarter(word: string, { path, self }: Platform): boolean {
  return (
    word === self.execPath || /^(?:env|node|bun|exec|command|nice|timeout|-\w+|\d+\w?)(?:\.exe)?$/i.test(path.basename(word))
  );
}

function profileAsked(args: readonly string[]): string | undefined {
  const at = args.findIndex((word) => word === "--profile" || word.startsWith("--profile="));
  if (at === -1) return undefined;
  return args[at]!.startsWith("--profile=") ? args[at]!.slice("--profile=".length) : args[at + 1];
}
