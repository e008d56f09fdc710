#!/usr/bin/env node
import { optionsFrom, usage } from "./command-line.ts";
import { startSimulator } from "./simulator.ts";

try {
  const options = optionsFrom(process.argv.slice(2), process.env);
  if (options === "help") {
    process.stdout.write(usage);
  } else {
    const simulator = await startSimulator(options);
    const { url, controlToken, environment } = simulator;
    process.stdout.write(`${JSON.stringify({ url, controlToken, environment })}\n`);
    const end = (): void => void simulator.stop().then(() => process.exit(0));
    process.once("SIGTERM", end);
    process.once("SIGINT", end);
  }
} catch (error) {
  process.stderr.write(
    `keyspring-aws-simulator: ${error instanceof Error ? error.message : String(error)}\nTry: keyspring-aws-simulator --help\n`,
  );
  process.exitCode = 2;
}
