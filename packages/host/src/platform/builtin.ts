import { createRequire } from "node:module";

/**
 * Built-in modules when they are needed, not before: `node:http` alone costs 4 ms by `require`, and 25 ms more by `import`, which
 * pulls in undici on Node 22 and later. Any absolute file name will do, since only built-in modules are asked for.
 */
const require = createRequire(process.execPath);

export const crypto = (): typeof import("node:crypto") => require("node:crypto");
export const childProcess = (): typeof import("node:child_process") => require("node:child_process");
export const http = (): typeof import("node:http") => require("node:http");
export const https = (): typeof import("node:https") => require("node:https");
export const tls = (): typeof import("node:tls") => require("node:tls");
