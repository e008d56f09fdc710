import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { ACME_CONFIG, type House } from "../lib/house.ts";
import { badCases, type BadCase } from "./case.ts";

const FILE = ".config/keyspring/config.toml";
const FOLDER = ".config/keyspring";
const ACME = '[organizations.acme]\nsource = "sso"\n';
const OPTIONS = '[organizations.acme.options]\nstart_url = "https://acme.awsapps.com/start"\nregion = "eu-west-1"\n';
const PROFILE = '[profiles.acme]\norganization = "acme"\n';
const ROLE = '[profiles.acme.options]\naccount_id = "123456789012"\nrole_name = "BedrockUser"\n';
const EXPORT = ["export", "--profile", "acme"];

/** A config.toml of this text, and a command that reads it. */
function written(state: string, config: string, what: RegExp, next: RegExp, argv: readonly string[] = EXPORT): BadCase {
  return { state, options: { config }, argv, exitCode: 2, what, next };
}

/** A config.toml of these bytes. */
function bytes(state: string, content: Uint8Array, what: RegExp, next: RegExp): BadCase {
  const arrange = ({ write, path }: House): void => {
    write(FILE, "");
    writeFileSync(path(FILE), content);
  };
  return { state, options: { config: undefined }, arrange, argv: EXPORT, exitCode: 2, what, next };
}

badCases("config.toml that is no TOML", [
  written("a value without quotes", "default_profile = acme\n", /config\.toml:1:\d+: \w/, /Correct line 1; .*key = "value"/),
  written("a table header without its end", "[profiles.acme\n", /config\.toml:1:\d+: \w/, /Correct line 1/),
  written("a text without its end", `${ACME}description = "x\n`, /config\.toml:3:\d+: \w/, /Correct line 3/),
  written("a key twice", 'default_profile = "a"\ndefault_profile = "b"\n', /config\.toml:2:\d+: \w/, /Correct line 2/),
  written("a table twice", `${ACME}[organizations.acme]\n`, /config\.toml:3:\d+: \w/, /Correct line 3/),
  written("a key without a value", "default_profile\n", /config\.toml:1:\d+: \w/, /Correct line 1/),
  written("JSON instead", '{ "default_profile": "acme" }\n', /config\.toml:1:\d+: \w/, /Correct line 1/),
  written("two values in one line", "a = 1 b = 2\n", /config\.toml:1:\d+: \w/, /Correct line 1/),
  written("a key of JavaScript's own", "__proto__ = 1\n", /config\.toml:1:\d+: \w/, /Correct line 1/),
  bytes("Latin-1", Buffer.from('default_profile = "Grüße"\n', "latin1"), /config\.toml is not UTF-8 text/, /Save it as UTF-8/),
  bytes("UTF-16", Buffer.from("\uFEFFa = 1\n", "utf16le"), /is not UTF-8 text/, /Save it as UTF-8 \(it is UTF-16\)/),
  bytes("nothing but zero bytes", new Uint8Array(4096), /config\.toml:1:\d+: \w/, /Correct line 1/),
  bytes(
    "longer than 1 MiB",
    new Uint8Array(1_100_000).fill(0x20),
    /config\.toml is longer than 1 MiB/,
    /^Look at what is in there: head/,
  ),
]);

badCases("config.toml that says what cannot be", [
  written("an unknown table", `${ACME}[profile.acme]\n`, /config\.toml:3: unknown key profile\b/, /Did you mean profiles\?/),
  written(
    "an unknown key",
    '[profiles.acme]\norganisation = "acme"\n',
    /:2: unknown key organisation/,
    /Did you mean organization\?/,
  ),
  written(
    "an option outside options",
    `${ACME}start_url = "x"\n`,
    /:3: unknown key start_url/,
    /\[organizations\.acme\.options\]/,
  ),
  written("an organization without a source", "[organizations.acme]\n", /:1: source is missing/, /Write source = "…"/),
  written(
    "a source that is a number",
    "[organizations.acme]\nsource = 3\n",
    /:2: organizations\.acme\.source must be text/,
    /Correct/,
  ),
  written(
    "a profile with neither organization nor source",
    "[profiles.acme]\n",
    /:1: profile acme names no organization/,
    /Write organization = /,
  ),
  written(
    "a profile with both",
    '[profiles.acme]\norganization = "a"\nsource = "sso"\n',
    /:1: .*both an organization and a source/,
    /^Write organization = .*, and no source\.$/,
  ),
  written(
    "an organization that is not there",
    `${ACME}[profiles.acme]\norganization = "acne"\n`,
    /:4: there is no organization acne/,
    /Did you mean acme\?/,
  ),
  written("no organization at all", PROFILE, /:2: there is no organization acme/, /Add \[organizations\.acme\]/),
  written(
    "a region that is none",
    `${ACME}[organizations.acme.claude]\nregion = "Virginia"\n`,
    /:4: .*must be an AWS region/,
    /Correct/,
  ),
  written(
    "a variable in lower case",
    `${ACME}claude = { env = { path = "x" } }\n`,
    /:3: .*name of an environment variable/,
    /Correct/,
  ),
  written("a name with a space", '[profiles."my profile"]\norganization = "a"\n', /:1: .*must be a name/, /Correct/),
  written("a description of two lines", `${ACME}description = """a\nb"""\n`, /:3: .*must be one line/, /Correct/),
  written(
    "a default that is no profile",
    `default_profile = "nope"\n${ACME}${PROFILE}`,
    /there is no profile nope, which default_profile names \(.*config\.toml:1\)/,
    /there are: acme/,
    ["export"],
  ),
  written("a misspelt profile", ACME_CONFIG, /there is no profile acm$/, /Did you mean acme\? Add --profile acme/, [
    "export",
    "--profile",
    "acm",
  ]),
  written(
    "two profiles, none named",
    `${ACME}${PROFILE}[profiles.other]\norganization = "acme"\n`,
    /no profile was named; there are acme, other/,
    /Add --profile acme/,
    ["export"],
  ),
  written("an empty file", "", /there is no profile acme/, /Write \[profiles\.NAME\]/),
  {
    state: "a profile of the environment that is not there",
    options: { env: { KEYSPRING_PROFILE: "ghost" } },
    argv: ["process"],
    exitCode: 2,
    what: /there is no profile ghost, which KEYSPRING_PROFILE names/,
    next: /there are: acme/,
  },
  {
    state: "no configuration at all",
    options: { config: undefined },
    argv: ["export"],
    exitCode: 2,
    what: /there is no profile: neither .*config\.toml nor .*\.aws\/config has one/,
    next: /or run: aws configure sso/,
  },
  written(
    "a source that is misspelt",
    '[profiles.acme]\nsource = "ssso"\n',
    /profile acme uses the source `ssso`, which is not here/,
    /Did you mean `sso`\?/,
  ),
  written(
    "a source that is not installed",
    '[profiles.acme]\nsource = "keyspring-source-vault"\n',
    /the source `keyspring-source-vault`, which is not here/,
    /sso, script, process/,
  ),
]);

badCases("options that the source refuses", [
  written(
    "no start_url",
    `${ACME}${PROFILE}${ROLE}`,
    /config\.toml:2: start_url is missing/,
    /^Write start_url under \[organizations\.acme\.options\] or \[profiles\.acme\.options\] in \S+config\.toml\.$/,
  ),
  written(
    "a start_url that is none",
    `${ACME}[organizations.acme.options]\nstart_url = "acme"\nregion = "eu-west-1"\n${PROFILE}${ROLE}`,
    /config\.toml:4: start_url: no URL/,
    /^Correct line 4 of \S+config\.toml\.$/,
  ),
  written(
    "a region that is none",
    `${ACME}[organizations.acme.options]\nstart_url = "https://acme.awsapps.com/start"\nregion = "Ireland"\n${PROFILE}${ROLE}`,
    /config\.toml:5: region: no AWS region/,
    /^Correct line 5 of \S+config\.toml\.$/,
  ),
  written(
    "an account of eleven digits",
    `${ACME}${OPTIONS}${PROFILE}[profiles.acme.options]\naccount_id = "12345678901"\nrole_name = "R"\n`,
    /account_id.*12 digits/,
    /^Correct line 9 of \S+config\.toml\.$/,
  ),
  written(
    "an account without quotes",
    `${ACME}${OPTIONS}${PROFILE}[profiles.acme.options]\naccount_id = 123456789012\nrole_name = "R"\n`,
    /account_id.*quotes/,
    /^Correct line 9 of \S+config\.toml\.$/,
  ),
  written(
    "no account",
    `${ACME}${OPTIONS}${PROFILE}[profiles.acme.options]\nrole_name = "R"\n`,
    /acme does not say account_id/,
    /Add account_id/,
  ),
  written(
    "a misspelt option",
    `${ACME}${OPTIONS}${PROFILE}[profiles.acme.options]\nacount_id = "123456789012"\n`,
    /config\.toml:9: there is no option acount_id/,
    /^Did you mean `account_id`\? Correct line 9 of \S+config\.toml\.$/,
  ),
  written(
    "an sso-session that is not there",
    `${ACME}${OPTIONS}session = "corp"\n${PROFILE}${ROLE}`,
    /there is no \[sso-session corp\]/,
    /aws configure sso-session/,
  ),
]);

badCases("config.toml that is not as it should lie there", [
  {
    state: "others may write it",
    arrange: ({ path }) => chmodSync(path(FILE), 0o666),
    argv: ["export"],
    exitCode: 2,
    what: /config\.toml can be written by other users \(mode 0666\)/,
    next: /^Run: chmod 600 \S*config\.toml$/,
    mended: 3,
  },
  {
    state: "others may write its folder",
    arrange: ({ path }) => chmodSync(path(FOLDER), 0o777),
    argv: ["refresh"],
    exitCode: 2,
    what: /keyspring can be written by other users \(mode 0777\)/,
    next: /^Run: chmod 700 \S*keyspring$/,
  },
  {
    state: "a folder in its place",
    options: { config: undefined },
    arrange: ({ path }) => mkdirSync(path(FILE), { recursive: true, mode: 0o700 }),
    argv: ["status"],
    exitCode: 2,
    what: /config\.toml is a folder, not a file/,
    next: /^Run: rmdir \S*config\.toml$/,
    mended: 2,
  },
  {
    state: "a file in its folder's place",
    options: { config: undefined },
    arrange: ({ write }) => write(FOLDER, "mine"),
    argv: ["export"],
    exitCode: 2,
    what: /\.config\/keyspring is not a folder/,
    next: /^Move it away: mv \S+ \S+\.old$/,
  },
  {
    state: "a link that leads in a circle",
    options: { config: undefined },
    arrange: ({ path }) => {
      mkdirSync(path(FOLDER), { recursive: true, mode: 0o700 });
      symlinkSync("config.toml", path(FILE));
    },
    argv: ["export"],
    exitCode: 2,
    what: /symbolic links lead in a circle/,
    next: /^See where it leads: ls -l \S+config\.toml$/,
  },
  {
    state: "another user's",
    needs: ["root"],
    arrange: ({ path }) => chownSync(path(FILE), 12_345, 12_345),
    argv: ["export"],
    exitCode: 2,
    what: /config\.toml belongs to another user \(uid 12345\)/,
    next: /^Run: sudo chown/,
  },
  {
    state: "not readable",
    ordinaryUser: true,
    arrange: ({ path }) => chmodSync(path(FILE), 0o200),
    argv: ["export"],
    exitCode: 2,
    what: /config\.toml cannot be read/,
    next: /^Run: chmod u\+r \S*config\.toml$/,
    mended: 3,
  },
  {
    state: "a folder that lets nobody in",
    ordinaryUser: true,
    arrange: ({ path }) => chmodSync(path(FOLDER), 0o000),
    argv: ["export"],
    exitCode: 2,
    what: /keyspring/,
    next: /chmod/,
    mended: 3,
  },
]);
