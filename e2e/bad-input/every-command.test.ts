import { chmodSync, mkdirSync } from "node:fs";
import type { House } from "../lib/house.ts";
import { badCases, type BadCase } from "./case.ts";

/** Every command that needs a profile. */
const WITH_PROFILE: readonly (readonly string[])[] = [
  ["export"],
  ["process"],
  ["env", "--format", "sh"],
  ["exec", "--", "true"],
  ["refresh"],
  ["login"],
  ["logout"],
  ["explain"],
  ["settings", "apply"],
];
const WITH_CONFIGURATION: readonly (readonly string[])[] = [...WITH_PROFILE, ["status"]];

const withFlag = (command: readonly string[], ...flag: readonly string[]): readonly string[] => {
  const end = command.indexOf("--");
  return end === -1 ? [...command, ...flag] : [...command.slice(0, end), ...flag, ...command.slice(end)];
};
const named = (command: readonly string[]): string => command.slice(0, 2).join(" ");

badCases(
  "broken TOML",
  WITH_CONFIGURATION.map((argv): BadCase => ({
    state: named(argv),
    options: { config: "[profiles.acme\n" },
    argv,
    exitCode: 2,
    what: /config\.toml:1:\d+: \w/,
    next: /^Correct line 1/,
  })),
);

badCases(
  "unknown profile",
  [...WITH_PROFILE, ["status"]].map((argv): BadCase => ({
    state: named(argv),
    argv: withFlag(argv, "--profile", "ghost"),
    exitCode: 2,
    what: /there is no profile ghost/,
    next: /there are: acme/,
  })),
);

badCases(
  "a state folder that everybody may write",
  ["export", "process", "refresh", "login", "status", "settings apply", "settings remove"].map((command): BadCase => ({
    state: command,
    arrange: ({ stateFolder }: House) => {
      mkdirSync(stateFolder, { recursive: true });
      chmodSync(stateFolder, 0o777);
    },
    argv: command.split(" "),
    exitCode: 2,
    what: /state\/keyspring can be written by other users \(mode 0777\)/,
    next: /^Run: chmod 700 \S+$/,
  })),
);

badCases(
  "nobody signed in",
  [["export"], ["process"], ["env", "--format", "fish"], ["exec", "--", "true"]].map((argv): BadCase => ({
    state: named(argv),
    argv,
    exitCode: 3,
    what: /nobody is signed in at https:\/\/acme\.awsapps\.com\/start/,
    next: /^Run: keyspring login --profile acme$/,
  })),
);

badCases(
  "no network",
  [["login"], ["refresh"], ["login", "--force"], ["login", "--no-browser"]].map((argv): BadCase => ({
    state: argv.join(" "),
    options: { env: { AWS_ENDPOINT_URL_SSO: "http://127.0.0.1:1", AWS_ENDPOINT_URL_SSO_OIDC: "http://127.0.0.1:1" } },
    argv,
    exitCode: 7,
    what: /127\.0\.0\.1:1 could not be reached: it refused the connection/,
    next: /Check the network/,
  })),
);
