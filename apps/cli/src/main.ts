import { endChildren, nodePlatform } from "@keyspring/host";
import { createCli } from "./cli.ts";
import { nodeTerminal } from "./node-terminal.ts";
import { VERSION } from "./version.ts";

/** Milliseconds that an interrupted command may still take, e.g. to store a token that it has just redeemed. */
const STUBBORN = 12_000;

const platform = nodePlatform();
const cli = createCli(platform, nodeTerminal(), VERSION);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    endChildren();
    cli.interrupt();
    // Whatever does not listen (a FIFO in place of a file) must not keep a person waiting for ever.
    setTimeout(() => process.exit(130), STUBBORN).unref();
  });
}
cli.run(process.argv.slice(2)).then(
  (exitCode) => process.exit(exitCode),
  () => process.exit(1),
);
