import { fakePlatform } from "@keyspring/core/testing";
import { expect, test } from "vitest";
import { hasBrowser, openInBrowser } from "./browser.ts";

test.each([
  ["Linux desktop, X11", "linux", { DISPLAY: ":0" }, true],
  ["Linux desktop, Wayland", "linux", { WAYLAND_DISPLAY: "wayland-0" }, true],
  ["Linux under Windows", "linux", { WSL_DISTRO_NAME: "Debian" }, true],
  ["Linux without a display", "linux", {}, false],
  ["macOS", "darwin", {}, true],
  ["Windows", "win32", {}, true],
  ["macOS over SSH", "darwin", { SSH_CONNECTION: "192.0.2.1 1 192.0.2.2 22" }, false],
  ["Linux desktop over SSH with a forwarded display", "linux", { DISPLAY: "localhost:10.0", SSH_TTY: "/dev/pts/1" }, false],
  ["Windows in CI", "win32", { CI: "true" }, false],
  ["told not to", "darwin", { KEYSPRING_NO_BROWSER: "1" }, false],
  ["an empty variable is none", "darwin", { CI: "", SSH_TTY: "", KEYSPRING_NO_BROWSER: "" }, true],
] as const)("%s: %s %j -> %s", (_state, os, env, expected) => {
  expect(hasBrowser(fakePlatform({ os, env: { ...env } }))).toBe(expected);
});

test("without a browser nothing is started", async () => {
  const platform = fakePlatform();
  expect(await openInBrowser(platform, "https://acme.awsapps.com/start")).toBe(false);
  expect(platform.runs).toEqual([]);
});
