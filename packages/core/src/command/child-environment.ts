import type { SourceContext } from "../source.ts";
import { withoutCredentialVariables } from "../wire/credential-variables.ts";

/** Tells a child which profiles are being resolved, outermost first, so that one which asks Keyspring again notices the circle. */
export const CHAIN_VARIABLE = "KEYSPRING_PROFILE_CHAIN";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment of a source's child: the user's own, with the profile and the chain. Without `inherited` credentials it gets no
 * variable that leads to AWS credentials, so that it cannot answer with somebody else's by mistake.
 */
export function childEnvironment(
  context: Pick<SourceContext, "platform" | "profile" | "chain">,
  options: { readonly own?: Environment; readonly inheritCredentials?: boolean } = {},
): Record<string, string | undefined> {
  const { env } = context.platform;
  return {
    ...(options.inheritCredentials === true ? env : withoutCredentialVariables(env)),
    ...options.own,
    KEYSPRING_PROFILE: context.profile,
    [CHAIN_VARIABLE]: context.chain.map(encodeURIComponent).join(","),
  };
}

/** The profiles that are being resolved above this process, as `childEnvironment` told it. */
export function inheritedChain(env: Environment): string[] {
  const names = (env[CHAIN_VARIABLE] ?? "").split(",").filter((name) => name !== "");
  return names.map((name) => {
    try {
      return decodeURIComponent(name);
    } catch {
      return name;
    }
  });
}
