import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import type { House } from "../lib/house.ts";
import { badCases, type BadCase } from "./case.ts";

const ROLE = "sso_account_id = 123456789012\nsso_role_name = BedrockUser\n";
const PORTAL = "sso_start_url = https://acme.awsapps.com/start\nsso_region = eu-west-1\n";

/** `~/.aws/config` of this text and no config.toml. */
function aws(state: string, config: string, what: RegExp, next: RegExp, more: Partial<BadCase> = {}): BadCase {
  return {
    state,
    options: { config: undefined },
    arrange: ({ write }) => write(".aws/config", config),
    argv: ["export", "--profile", "dev"],
    exitCode: 2,
    what,
    next,
    ...more,
  };
}

badCases("~/.aws/config", [
  aws("another profile than the one named", "[profile prod]\nregion = x\n", /there is no profile dev$/, /there are: prod/),
  aws(
    "a misspelt profile",
    `[profile deb]\n${PORTAL}${ROLE}`,
    /there is no profile dev$/,
    /Did you mean deb\? Add --profile deb/,
  ),
  aws(
    "a profile without credentials",
    "[profile dev]\nregion = eu-west-1\n",
    /config:1: profile dev says nothing about credentials/,
    /^Run: aws configure sso --profile dev$/,
  ),
  aws(
    "a profile that assumes a role",
    "[profile dev]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = dev\n",
    /config:2: profile dev assumes a role \(role_arn\)/,
    /config\.toml/,
  ),
  aws(
    "long-term keys",
    "[profile dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n",
    /config:2: profile dev has keys of its own/,
    /^Name a profile with sso_session/,
    {
      check: (_, { stderr }) => {
        if (/wJalr|AKIAIOSF/.test(stderr)) throw new Error("a key is in the message");
      },
    },
  ),
  aws(
    "a circle of source profiles",
    "[profile dev]\nrole_arn = arn:a\nsource_profile = two\n[profile two]\nrole_arn = arn:b\nsource_profile = three\n[profile three]\nrole_arn = arn:c\nsource_profile = two\n",
    /in a circle: dev → two → three → two/,
    /Let source_profile of three name something else/,
  ),
  aws(
    "a command that asks for the same profile",
    '[profile dev]\ncredential_process = "/usr/bin/keyspring" process --profile dev\n',
    /in a circle: dev → dev/,
    /Let credential_process of dev name something else/,
  ),
  aws(
    "two commands that ask for each other",
    "[profile dev]\ncredential_process = keyspring process --profile two\n[profile two]\ncredential_process = keyspring process --profile=dev\n",
    /in a circle: dev → two → dev/,
    /Let credential_process of two name something else/,
  ),
  aws(
    "an sso-session that is not there",
    `[profile dev]\nsso_session = corp\n${ROLE}`,
    /config:2: there is no \[sso-session corp\]/,
    /aws configure sso-session/,
  ),
  aws(
    "a misspelt sso-session",
    `[profile dev]\nsso_session = corq\n${ROLE}[sso-session corp]\n${PORTAL}`,
    /there is no \[sso-session corq\]/,
    /Did you mean corp\?/,
  ),
  aws(
    "an sso-session without its portal",
    `[profile dev]\nsso_session = corp\n${ROLE}[sso-session corp]\nsso_region = eu-west-1\n`,
    /config:5: \[sso-session corp\] has no sso_start_url/,
    /Add sso_start_url/,
  ),
  aws(
    "an sso-session that says something else than its profile",
    `[profile dev]\nsso_session = corp\nsso_region = us-east-1\n${ROLE}[sso-session corp]\n${PORTAL}`,
    /config:8: sso_region of \[sso-session corp\] is not what region says elsewhere/,
    /^Remove one of the two, or make them equal\.$/,
  ),
  aws(
    "no role",
    `[profile dev]\n${PORTAL}sso_account_id = 123456789012\n`,
    /config:1: profile dev has no sso_role_name/,
    /^Run: aws configure sso --profile dev$/,
  ),
  aws(
    "an account of eleven digits",
    `[profile dev]\n${PORTAL}sso_account_id = 12345678901\nsso_role_name = R\n`,
    /config:4: .*account.* 12 digits/,
    /^Correct line 4 of \S+\.aws\/config\.$/,
  ),
  aws(
    "a portal that is no address",
    `[profile dev]\nsso_start_url = acme\nsso_region = eu-west-1\n${ROLE}`,
    /config:2: .*no URL/,
    /^Correct line 2 of \S+\.aws\/config\.$/,
  ),
  aws(
    "an empty credential_process",
    "[profile dev]\ncredential_process =\n",
    /config:2: credential_process is empty/,
    /Write the command/,
  ),
  aws(
    "a section without its end",
    `[profile dev\n${PORTAL}${ROLE}`,
    /there is no profile dev \(\S+\.aws\/config:1: a section.s header has no end; it was ignored\)$/,
    /aws configure sso/,
  ),
  aws("UTF-16 with a profile that nobody finds", "", /there is no profile dev \(\S+\.aws\/config:1: /, /aws configure sso/, {
    arrange: ({ write, path }: House) => {
      write(".aws/config", "");
      writeFileSync(path(".aws/config"), Buffer.from(`\uFEFF[profile dev]\n${PORTAL}${ROLE}`, "utf16le"));
    },
  }),
  aws("a folder in its place", "", /\.aws\/config cannot be read/, /ls -l/, {
    arrange: ({ path }: House) => mkdirSync(path(".aws/config"), { recursive: true }),
  }),
  aws("not readable", `[profile dev]\n${PORTAL}${ROLE}`, /\.aws\/config cannot be read/, /ls -l/, {
    ordinaryUser: true,
    arrange: ({ write }: House) => chmodSync(write(".aws/config", "[default]\n"), 0o000),
  }),
  aws("five megabytes", "", /\.aws\/config is longer than 4 MiB/, /^Look at what is in there: head/, {
    arrange: ({ write }: House) => write(".aws/config", "# padding\n".repeat(500_000)),
  }),
  aws("a file of the environment that is not there", "", /there is no profile dev$/, /aws configure sso/, {
    options: { config: undefined, env: { AWS_CONFIG_FILE: "/nowhere/at/all" } },
  }),
  aws(
    "AWS_PROFILE that names no profile",
    "[profile prod]\nregion = x\n",
    /no profile was named; there are prod/,
    /Add --profile prod/,
    {
      options: { config: undefined, env: { AWS_PROFILE: "ghost" } },
      argv: ["export"],
    },
  ),
]);
