import { chmodSync } from "node:fs";
import { badCases, type BadCase } from "./case.ts";

/** `credential_process` of an AWS profile: a shell script of this text. */
function command(
  state: string,
  body: string,
  exitCode: number,
  what: RegExp,
  next: RegExp,
  more: Partial<BadCase> = {},
): BadCase {
  return {
    state,
    options: { config: undefined },
    arrange: async (house) => {
      const given = await house.simulator.control.roleCredentials();
      const { accessKeyId: K, secretAccessKey: S, sessionToken: T } = given;
      const E = new Date(given.expiration).toISOString();
      // In the environment of what runs: no file holds them.
      Object.assign(house.env, { K, S, T, E });
      const file = house.write(
        "helper.sh",
        `#!/bin/sh
${body}\n`,
        0o700,
      );
      house.write(".aws/config", `[profile dev]\ncredential_process = ${file} --json\n`);
    },
    argv: ["export", "--profile", "dev"],
    exitCode,
    what,
    next,
    ...more,
  };
}

const line = (state: string, written: string, what: RegExp, next: RegExp, exitCode = 2): BadCase => ({
  state,
  options: { config: undefined },
  arrange: ({ write }) => write(".aws/config", `[profile dev]\ncredential_process = ${written}\n`),
  argv: ["process", "--profile", "dev"],
  exitCode,
  what,
  next,
});

const PRINT = /^Have it print \{"Version":1,"AccessKeyId":"…"/;
const BY_HAND = /^Run it by hand to see what it needs/;
const JSON_OF = (fields: string): string => `printf '{"Version":1,"AccessKeyId":"%s",${fields}}' "$K" "$S" "$T" "$E"`;
const WHOLE = JSON_OF('"SecretAccessKey":"%s","SessionToken":"%s","Expiration":"%s"');
const NAME = "the credential_process of AWS profile dev";

badCases("credential_process", [
  command(
    "exits with 1",
    "echo 'no session' >&2; exit 1",
    5,
    new RegExp(`${NAME} failed with exit code 1: no session`),
    BY_HAND,
  ),
  command("exits with 255 and says nothing", "exit 255", 5, /exit code 255 and said nothing/, BY_HAND),
  command("prints nothing", "true", 5, new RegExp(NAME), PRINT),
  command("prints a banner before its JSON", `echo 'Welcome to Globex!'; ${WHOLE}`, 5, new RegExp(`${NAME}: .*JSON`), PRINT),
  command("prints JSON twice", `${WHOLE}; ${WHOLE}`, 5, /JSON/, PRINT),
  command("forgets its version", WHOLE.replace('"Version":1,', ""), 5, /Version/, PRINT),
  command("has a version of the future", WHOLE.replace('"Version":1', '"Version":2'), 5, /Version/, PRINT),
  command("forgets the secret", `printf '{"Version":1,"AccessKeyId":"%s"}' "$K"`, 5, /SecretAccessKey/, PRINT),
  command(
    "forgets the token of temporary keys",
    `printf '{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"%s"}' "$K" "$S"`,
    5,
    /[Ss]ession ?[Tt]oken/,
    PRINT,
  ),
  command("prints what has expired", `E=2026-01-01T00:00:00Z; ${WHOLE}`, 5, /expired \d+/, /clock|new ones/),
  command("prints a time that is none", `E=tomorrow; ${WHOLE}`, 5, /Expiration/, /ISO 8601 in UTC/),
  command(
    "prints assignments instead",
    'echo "export AWS_ACCESS_KEY_ID=$K"; echo "export AWS_SECRET_ACCESS_KEY=$S"',
    5,
    /JSON/,
    PRINT,
  ),
  command(
    "floods",
    "while :; do echo spam spam spam spam; done",
    5,
    /printed more than 1048576 bytes/,
    /^Have it print the credentials only/,
  ),
  command("hangs", "sleep 600", 6, /the credential_process of AWS profile dev did not end: .*within 15 s/, /by hand/),
  command(
    "writes its secrets to standard error",
    'echo "aws_secret_access_key = $S" >&2; exit 1',
    5,
    /exit code 1: aws_secret_access_key = \[redacted\]/,
    BY_HAND,
  ),
  {
    ...command("is not executable", WHOLE, 2, /cannot be run by the system/, /ls -l/),
    arrange: async (house) => {
      house.write(".aws/config", `[profile dev]\ncredential_process = ${house.write("helper.sh", "#!/bin/sh\n", 0o600)}\n`);
      chmodSync(house.path("helper.sh"), 0o600);
    },
  },
  line("is not there", "/no/such/helper --json", /was not found/, /Correct the command in AWS profile dev/),
  line("has a quote without its end", '"/no/such helper', /quot/, /^Close the quote in credential_process/),
]);
