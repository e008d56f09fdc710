import { endChildren, nodePlatform } from "@keyspring/host";
import { createCli } from "./cli.ts";
import { nodeTerminal } from "./node-terminal.ts";
import { VERSION } from "./version.ts";

const platform = nodePlatform();
const cli = createCli(platform, nodeTerminal(), VERSION);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    endChildren();
    cli.interrupt();
  });
}
cli.run(process.argv.slice(2)).then(
  (exitCode) => process.exit(exitCode),
  () => process.exit(1),
);
