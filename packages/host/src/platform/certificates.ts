import { readFileSync } from "node:fs";
import { invalidConfiguration } from "@keyspring/core";
import { tls } from "./builtin.ts";

/**
 * The authorities to trust when `AWS_CA_BUNDLE` names more of them: Node's own list, whatever Node was told to add, and the bundle.
 * `undefined` if nothing was named: then Node decides.
 */
export function trustedAuthorities(bundle: string | undefined): string[] | undefined {
  if (bundle === undefined || bundle === "") return undefined;
  return [...defaults(), readBundle(bundle)];
}

function defaults(): readonly string[] {
  const module = tls() as typeof import("node:tls") & { getCACertificates?: (type: "default") => string[] };
  if (module.getCACertificates !== undefined) return module.getCACertificates("default");
  // Node 20: a list of one's own replaces what NODE_EXTRA_CA_CERTS added, so it is added again.
  const extra = process.env["NODE_EXTRA_CA_CERTS"];
  return extra === undefined || extra === "" ? module.rootCertificates : [...module.rootCertificates, ...readIfThere(extra)];
}

function readIfThere(file: string): string[] {
  try {
    return [readFileSync(file, "utf8")];
  } catch {
    return [];
  }
}

function readBundle(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw invalidConfiguration(
      `AWS_CA_BUNDLE names ${file}, which cannot be read`,
      "Correct AWS_CA_BUNDLE, or unset it.",
      error,
    );
  }
  if (!text.includes("-----BEGIN CERTIFICATE-----") && !text.includes("-----BEGIN TRUSTED CERTIFICATE-----"))
    throw invalidConfiguration(
      `AWS_CA_BUNDLE names ${file}, which holds no certificate in PEM form`,
      "Correct AWS_CA_BUNDLE, or unset it.",
    );
  return text;
}
