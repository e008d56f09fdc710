import { chmodSync, chownSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { expect } from "vitest";
import { KEYSPRING, NODE, type House } from "../lib/house.ts";
import type { Finished } from "../lib/process.ts";
import { badCases, type BadCase } from "./case.ts";

const GOOD = `printf '{"AccessKeyId":"%s","SecretAccessKey":"%s","SessionToken":"%s","Expiration":"%s"}\\n' "$K" "$S" "$T" "$E"`;

/** A script profile whose command is this shell script.  becomes living credentials of the simulator, as `K`, `S`, `T`, `E`. */
function script(
  state: string,
  body: string,
  exitCode: number,
  what: RegExp,
  next: RegExp,
  more: Partial<BadCase> & { readonly toml?: string } = {},
): BadCase {
  const { toml = "", ...rest } = more;
  return {
    state,
    options: { config: undefined },
    arrange: async (house) => {
      await keys(house);
      house.write("grant.sh", `#!/bin/sh\n${body}\n`, 0o700);
      configure(house, `command = ["${house.path("grant.sh")}"]\n${toml}`);
    },
    argv: ["export"],
    exitCode,
    what,
    next,
    ...rest,
  };
}

/** The same, with the file left in some state of its own. */
function file(
  state: string,
  change: (path: string, house: House) => void,
  what: RegExp,
  next: RegExp,
  more: Partial<BadCase> = {},
): BadCase {
  const base = script(state, GOOD, 2, what, next, more);
  const arrange = async (house: House): Promise<void> => {
    await base.arrange!(house);
    change(house.path("grant.sh"), house);
  };
  return { ...base, arrange };
}

function configure(house: House, options: string): void {
  house.write(".config/keyspring/config.toml", `[profiles.globex]\nsource = "script"\n[profiles.globex.options]\n${options}`);
}

/** Living credentials of the simulator in the environment of what runs: no file holds them. */
async function keys({ simulator, env }: House, expiration?: string): Promise<void> {
  const given = await simulator.control.roleCredentials();
  const { accessKeyId: K, secretAccessKey: S, sessionToken: T } = given;
  Object.assign(env, { K, S, T, E: expiration ?? new Date(given.expiration).toISOString() });
}

const PRINT =
  /^Have it print \{"Version":1,"AccessKeyId":"…","SecretAccessKey":"…","SessionToken":"…","Expiration":"…"\} and nothing else\.$/;
const BY_HAND = /^Run it by hand to see what it needs; .*\(keyspring status says where\)\.$/;

badCases("script that fails", [
  script(
    "exits with 1 and says why",
    "echo 'the vault is sealed' >&2; exit 1",
    5,
    /the command \S+grant\.sh failed with exit code 1: the vault is sealed/,
    BY_HAND,
  ),
  script("exits with 1 and says nothing", "exit 1", 5, /grant\.sh failed with exit code 1 and said nothing/, BY_HAND),
  script(
    "exits with 127: a program is missing",
    "no-such-program-anywhere",
    5,
    /exit code 127: .*no-such-program-anywhere.*not found/,
    BY_HAND,
  ),
  script("kills itself", "kill -9 $$", 5, /grant\.sh was ended by SIGKILL/, BY_HAND),
  script("hangs", "sleep 600", 6, /grant\.sh did not end within 1 s/, /Run it by hand/, { toml: 'timeout = "1s"\n' }),
  script("hangs, and so do its children", "sleep 600 & sleep 600", 6, /did not end within 1 s/, /Run it by hand/, {
    toml: 'timeout = "1s"\n',
  }),
  script("ignores the polite signal", "trap '' TERM INT HUP\nsleep 600", 6, /did not end within 1 s/, /Run it by hand/, {
    toml: 'timeout = "1s"\n',
  }),
  script("hangs longer than export may take", "sleep 600", 6, /grant\.sh did not end: .*within 15 s/, /by hand/, {
    toml: 'timeout = "5m"\n',
  }),
  script(
    "waits for an answer that nobody gives",
    "read -r answer && exit 0; echo 'no answer' >&2; exit 4",
    5,
    /exit code 4: no answer/,
    BY_HAND,
  ),
  script(
    "floods",
    "while :; do echo spam spam spam spam; done",
    5,
    /grant\.sh printed more than \d+ bytes/,
    /Have it print the credentials only/,
  ),
  script(
    "floods standard error",
    "i=0; while [ $i -lt 20000 ]; do echo 'spam spam spam spam spam spam' >&2; i=$((i+1)); done; exit 1",
    5,
    /failed with exit code 1: spam/,
    BY_HAND,
  ),
  script(
    "says that a person has to sign in",
    "echo 'please log in' >&2; exit 3",
    3,
    /exit code 3: please log in/,
    /sign_in_command/,
  ),
  script("fails where there is a sign-in", "exit 1", 3, /exit code 1/, /^Run: keyspring login --profile globex$/, {
    toml: 'sign_in_command = ["/bin/true"]\n',
  }),
  script("signs in and still fails", "echo 'still not' >&2; exit 1", 5, /ended well, but afterwards .*still not/, /by hand/, {
    toml: 'sign_in_command = ["/bin/true"]\n',
    argv: ["login"],
    progress: true,
  }),
  script("its sign-in fails", "exit 3", 5, /sign_in_command \/bin\/false failed with exit code 1/, BY_HAND, {
    toml: 'sign_in_command = ["/bin/false"]\n',
    argv: ["refresh"],
    progress: true,
  }),
  script(
    "has no sign-in",
    "exit 1",
    3,
    /the source of globex has no sign-in of its own/,
    /keyspring explain --profile globex/,
    { argv: ["login"] },
  ),
  script(
    "writes its secrets to standard error",
    'echo "secret_access_key=$S token=$T" >&2; exit 1',
    5,
    /exit code 1/,
    BY_HAND,
    {
      check: shownIn,
    },
  ),
]);

badCases("script that prints something else", [
  script("nothing", "true", 5, /grant\.sh gave no usable credentials: the output is empty/, PRINT),
  script("a word", "echo hello", 5, /holds no credentials in any known form/, PRINT),
  script("an error page", "echo '<html><title>Sign in</title></html>'", 5, /the output is XML or HTML, not credentials/, PRINT),
  script(
    "JSON cut off in the middle",
    `echo '{"Credentials":{"AccessKeyId":"ASIA'`,
    5,
    /begins like JSON but is no valid JSON/,
    PRINT,
  ),
  script(
    "JSON without a secret",
    `echo '{"AccessKeyId":"ASIAIOSFODNN7EXAMPLE","SessionToken":"x"}'`,
    5,
    /SecretAccessKey/,
    PRINT,
  ),
  script(
    "temporary keys without their token",
    `printf '{"AccessKeyId":"%s","SecretAccessKey":"%s"}' "$K" "$S"`,
    5,
    /[Ss]ession ?[Tt]oken/,
    PRINT,
  ),
  script("credentials that have expired", "", 5, /expired \d+ (?:h|d|min)/, /clock|new ones/, { arrange: expired }),
  script("an expiration that is no time", `E=tomorrow\n${GOOD}`, 5, /[Ee]xpiration/, /ISO 8601 in UTC/),
  script("an empty key", `echo '{"AccessKeyId":"","SecretAccessKey":"","SessionToken":""}'`, 5, /AccessKeyId/, PRINT),
  script(
    "a line break within the token",
    `printf '{"AccessKeyId":"%s","SecretAccessKey":"%s","SessionToken":"a\\\\nb"}' "$K" "$S"`,
    5,
    /[Ss]ession ?[Tt]oken|characters/,
    PRINT,
  ),
  script(
    "a list of two identities",
    `for i in 1 2; do ${GOOD}; K=ASIAAAAAAAAAAAAAAAAA; done`,
    5,
    /several different credentials/,
    /one set of credentials only/,
  ),
  script(
    "an INI file with several sections, none named",
    "for p in a b; do printf '[%s]\\naws_access_key_id=%s\\naws_secret_access_key=%s\\naws_session_token=%s\\n' $p $K $S $T; done",
    5,
    /section/,
    /section/,
  ),
  script(
    "bytes that are no text",
    "head -c 2000 /dev/urandom | tr -d '\\000'",
    5,
    /no credentials|not text|credentials/,
    /^Have it print/,
  ),
  script(
    "what looks like a command substitution",
    `echo 'export AWS_ACCESS_KEY_ID=$(touch "$HOME/pwned")'`,
    5,
    /would have to be evaluated by a shell/,
    /^Have it print the value itself/,
    {
      check: ({ path }: House) => expect(existsSync(path("pwned"))).toBe(false),
    },
  ),
]);

badCases("script that may not be run", [
  file(
    "is not there",
    (path, house) => configure(house, `command = ["${path}.gone"]\n`),
    /there is no \S+grant\.sh\.gone/,
    /Correct the path/,
  ),
  file("is not executable", (path) => chmodSync(path, 0o600), /grant\.sh is not executable/, /^Run: chmod u\+x \S+grant\.sh$/, {
    mended: 0,
  }),
  file(
    "may be written by everybody",
    (path) => chmodSync(path, 0o777),
    /grant\.sh can be written by other users \(mode 0777\)/,
    /^Run: chmod go-w \S+grant\.sh$/,
    { mended: 0 },
  ),
  file(
    "may be written by its group",
    (path) => chmodSync(path, 0o770),
    /grant\.sh can be written by other users \(mode 0770\)/,
    /^Run: chmod go-w \S+grant\.sh$/,
    { mended: 0 },
  ),
  file(
    "lies in a folder that everybody may write",
    (_, house) => chmodSync(house.home, 0o777),
    /can be written by other users \(mode 0777\)/,
    /^Run: chmod go-w \S+$/,
    { mended: 0 },
  ),
  file(
    "belongs to somebody else",
    (path) => chownSync(path, 12_345, 12_345),
    /grant\.sh belongs to another user \(uid 12345\)/,
    /sudo chown root \S+grant\.sh$/,
    { needs: ["root"] },
  ),
  file(
    "is a folder",
    (path, house) => {
      mkdirSync(`${path}.d`);
      configure(house, `command = ["${path}.d"]\n`);
    },
    /grant\.sh\.d is a folder, not a command/,
    /Name a file in it: ls/,
  ),
  file(
    "is a link that leads nowhere",
    (path, house) => {
      symlinkSync("nowhere", `${path}.link`);
      configure(house, `command = ["${path}.link"]\n`);
    },
    /grant\.sh\.link is a link that leads nowhere/,
    /See where it leads: ls -l/,
  ),
  file(
    "has a relative path",
    (_, house) => configure(house, 'command = ["./grant.sh"]\n'),
    /command must begin with an absolute path, and "\.\/grant\.sh" is none/,
    /full path/,
  ),
  file(
    "is named without a path",
    (_, house) => configure(house, 'command = ["grant.sh"]\n'),
    /must begin with an absolute path/,
    /command -v grant\.sh/,
  ),
  file(
    "names an interpreter that is not there",
    (path, house) => house.write("grant.sh", "#!/no/such/interpreter\n", 0o700) && chmodSync(path, 0o700),
    /grant\.sh/,
    /first line/,
  ),
  file(
    "is empty in the configuration",
    (_, house) => configure(house, "command = []\n"),
    /config\.toml:\d: command: must name a program/,
    /Correct line \d of \S+config\.toml/,
  ),
  file(
    "is missing in the configuration",
    (_, house) => configure(house, 'timeout = "5s"\n'),
    /command is missing/,
    /Write command under \[profiles\.globex\.options\] in \S+config\.toml/,
  ),
  file(
    "is a line without shell = true",
    (path, house) => configure(house, `command = "${path} --json"\n`),
    /command: a command line needs shell = true/,
    /Correct line/,
  ),
  file(
    "has a timeout that is none",
    (path, house) => configure(house, `command = ["${path}"]\ntimeout = "soon"\n`),
    /timeout: must be a duration/,
    /Correct line/,
  ),
  file(
    "has a folder to run in that is not there",
    (path, house) => configure(house, `command = ["${path}"]\nworking_directory = "/nowhere/at/all"\n`),
    /there is no folder \/nowhere\/at\/all/,
    /working_directory/,
  ),
  file(
    "asks Keyspring for its own profile",
    (path, house) => {
      house.write("grant.sh", `#!/bin/sh\nexec "${NODE}" "${KEYSPRING}" export --profile globex\n`, 0o700);
      chmodSync(path, 0o700);
    },
    /failed with exit code 2: profiles ask for each other in a circle: globex → globex/,
    BY_HAND,
    { exitCode: 5 },
  ),
]);

async function expired(house: House): Promise<void> {
  await keys(house, "2026-01-01T00:00:00Z");
  house.write("grant.sh", `#!/bin/sh\n${GOOD}\n`, 0o700);
  configure(house, `command = ["${house.path("grant.sh")}"]\n`);
}

/** The words around a secret are shown; the secret itself is searched for when the house is left. */
function shownIn(_: House, { stderr }: Finished): void {
  expect(stderr).toContain("[redacted]");
}
