import { CredentialError } from "@keyspring/core";
import { codeOf } from "./system-error.ts";

/** Certificates that nobody known has signed: typical of a company that inspects TLS. */
const UNKNOWN_ISSUER = new Set([
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
]);
const WRONG_TIME = new Set(["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"]);

const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: "its name is not known",
  EAI_AGAIN: "its name could not be looked up",
  ECONNREFUSED: "it refused the connection",
  ECONNRESET: "it broke the connection",
  EPIPE: "it broke the connection",
  ETIMEDOUT: "it did not answer",
  EHOSTUNREACH: "there is no way to it",
  ENETUNREACH: "there is no way to it",
  ENETDOWN: "the network is down",
};

/**
 * What a failed exchange is called. Only hosts are named: addresses may carry codes and tokens, proxies passwords.
 * @param host `name:port` of the server
 * @param proxyHost the same of the proxy, if one was used
 */
export function networkError(error: unknown, host: string, proxyHost: string | undefined): CredentialError {
  const code = codeOf(error) ?? "";
  const through = proxyHost === undefined ? "" : ` through the proxy ${proxyHost}`;
  const failed = (why: string, remedy: string): CredentialError =>
    new CredentialError("NETWORK", `${host} could not be reached${through}: ${why}`, { remedy, cause: error });

  if (UNKNOWN_ISSUER.has(code))
    return failed(
      "its certificate was signed by nobody that this machine knows",
      "Set AWS_CA_BUNDLE to the file with your company's certificate authority.",
    );
  if (WRONG_TIME.has(code))
    return failed(
      code === "CERT_HAS_EXPIRED" ? "its certificate has expired" : "its certificate is not valid yet",
      "Check this machine's clock with `date`; if it is right, tell whoever runs that server or proxy.",
    );
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return failed("its certificate belongs to another name", "Check HTTPS_PROXY and the address in the configuration.");
  if (code.startsWith("ERR_SSL") || code === "EPROTO")
    return failed("it does not speak TLS as expected", "Check HTTPS_PROXY: most proxies want http:// there, not https://.");
  const why = WORDS[code] ?? (/socket hang up/.test(String(error)) ? WORDS["ECONNRESET"] : undefined);
  return failed(why ?? (code === "" ? "the exchange failed" : `the system says ${code}`), remedyFor(proxyHost));
}

export function proxyRefused(status: number, host: string, proxyHost: string): CredentialError {
  const why = status === 407 ? "it wants a user name and password" : `it answered ${status}`;
  return new CredentialError("NETWORK", `the proxy ${proxyHost} does not connect to ${host}: ${why}`, {
    remedy:
      status === 407
        ? "Put them into HTTPS_PROXY, before the host: user name, colon, password, @."
        : "Check HTTPS_PROXY, or add the host to NO_PROXY.",
  });
}

function remedyFor(proxyHost: string | undefined): string {
  return proxyHost === undefined
    ? "Check the network; behind a proxy set HTTPS_PROXY."
    : "Check HTTPS_PROXY, or add the host to NO_PROXY.";
}
