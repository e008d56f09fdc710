import { fakePlatform } from "@keyspring/core/testing";
import { describe, expect, test } from "vitest";
import { folders } from "./folders.ts";

describe("where things are", () => {
  test.each([
    [
      "Linux, nothing set",
      "linux",
      {},
      ["/home/ada/.config/keyspring", "/home/ada/.local/state/keyspring", "/home/ada/.local/state/keyspring/run"],
    ],
    [
      "macOS, nothing set: the same",
      "darwin",
      {},
      ["/home/ada/.config/keyspring", "/home/ada/.local/state/keyspring", "/home/ada/.local/state/keyspring/run"],
    ],
    [
      "XDG",
      "linux",
      { XDG_CONFIG_HOME: "/x/c", XDG_STATE_HOME: "/x/s", XDG_RUNTIME_DIR: "/run/user/1000" },
      ["/x/c/keyspring", "/x/s/keyspring", "/run/user/1000/keyspring"],
    ],
    [
      "XDG, relative: ignored",
      "linux",
      { XDG_CONFIG_HOME: "c", XDG_STATE_HOME: "", XDG_RUNTIME_DIR: "r" },
      ["/home/ada/.config/keyspring", "/home/ada/.local/state/keyspring", "/home/ada/.local/state/keyspring/run"],
    ],
    [
      "own variables over XDG",
      "linux",
      { KEYSPRING_CONFIG_DIR: "/k/c", KEYSPRING_STATE_DIR: "/k/s", KEYSPRING_RUNTIME_DIR: "/k/r", XDG_RUNTIME_DIR: "/run" },
      ["/k/c", "/k/s", "/k/r"],
    ],
    [
      "own variables, relative and empty",
      "linux",
      { KEYSPRING_STATE_DIR: "./s", KEYSPRING_CONFIG_DIR: "" },
      ["/home/ada/.config/keyspring", "/srv/s", "/srv/s/run"],
    ],
    [
      "own variables, the home folder not filled in by any shell",
      "linux",
      { KEYSPRING_STATE_DIR: "~/s", KEYSPRING_CONFIG_DIR: "~" },
      ["/home/ada", "/home/ada/s", "/home/ada/s/run"],
    ],
    [
      "Windows",
      "win32",
      { APPDATA: "C:\\R", LOCALAPPDATA: "C:\\L", XDG_RUNTIME_DIR: "C:\\x" },
      ["C:\\R\\keyspring", "C:\\L\\keyspring", "C:\\L\\keyspring\\run"],
    ],
    [
      "Windows, nothing set",
      "win32",
      {},
      [
        "C:\\Users\\ada\\AppData\\Roaming\\keyspring",
        "C:\\Users\\ada\\AppData\\Local\\keyspring",
        "C:\\Users\\ada\\AppData\\Local\\keyspring\\run",
      ],
    ],
  ] as const)("%s", (_state, os, env, [config, state, runtime]) => {
    expect(folders(fakePlatform({ os, env, cwd: os === "win32" ? "C:\\srv" : "/srv" }))).toEqual({ config, state, runtime });
  });
});
