/**
 * One profile's source in a process of its own: `child.ts provide|sign-in <options as JSON>`. Prints JSON lines, no secrets.
 * Run by Node with `--conditions=@keyspring/source`, so that it runs from the sources.
 */
import process from "node:process";
import { isCredentialError, silentLog } from "@keyspring/core";
import { createNotes, folders, nodePlatform } from "@keyspring/host";
import type { SsoOptions } from "../options.ts";
import { ssoPlugin } from "../plugin.ts";

const [task, options] = process.argv.slice(2);
const platform = nodePlatform();
const print = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const source = ssoPlugin.create(JSON.parse(options!) as SsoOptions, {
  profile: "acme-dev",
  platform,
  notes: createNotes(platform, folders(platform), "sso"),
  log: silentLog,
  chain: [],
});
const request = { profile: "acme-dev", reason: "absent", signal: AbortSignal.timeout(60_000) } as const;

try {
  if (task === "sign-in")
    await source.signIn!(request, {
      terminal: false,
      show: async (prompt) => print({ prompt }),
      say: (line) => print({ line }),
      openBrowser: async () => true,
    });
  else print({ accessKeyId: (await source.provide(request)).accessKeyId });
  print({ done: true });
} catch (error) {
  print(isCredentialError(error) ? { code: error.code, message: error.message } : { defect: String(error) });
  process.exitCode = 1;
}
