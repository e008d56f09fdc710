import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The interpreter that has boto3: the one that `.ci/run` made, or the system's. Its real path, since version managers put a stand-in on
 * PATH that works only in its owner's home.
 */
export const PYTHON: string | undefined = [join(import.meta.dirname, "../../.cache/python/bin/python"), "python3", "python"]
  .map((name) => {
    const { stdout, status } = spawnSync(name, ["-c", "import boto3, sys; print(sys.executable)"], { encoding: "utf8" });
    return status === 0 ? stdout.trim() : undefined;
  })
  .find((path) => path !== undefined);

/** The AWS CLI beside that interpreter, or on PATH. */
export const AWS_CLI: string | undefined = [...(PYTHON === undefined ? [] : [join(dirname(PYTHON), "aws")]), "aws"].find(
  (path) => (path.includes("/") ? existsSync(path) : spawnSync(path, ["--version"]).status === 0),
);

export const NO_BOTO3: string | undefined = PYTHON === undefined ? "there is no Python with boto3" : undefined;
export const NO_AWS_CLI: string | undefined = AWS_CLI === undefined ? "the AWS CLI is not installed" : undefined;
