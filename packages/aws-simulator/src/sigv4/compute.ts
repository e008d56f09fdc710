import { Sha256 } from "@aws-crypto/sha256-js";
import { HttpRequest } from "@smithy/core/protocols";
import { SignatureV4 } from "@smithy/signature-v4";
import { ALGORITHM, timeOf, type ClaimedSignature } from "./parse.ts";

export interface SignedParts {
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly payloadHash: string;
}

/** The signer that SDKs use, with its canonical form opened: a server must sign the headers that the client chose, neither more nor fewer. */
class RequestVerifier extends SignatureV4 {
  async signatureOf(parts: SignedParts, claimed: ClaimedSignature): Promise<string> {
    const request = new HttpRequest({ method: parts.method, path: parts.path, query: queryBag(parts.query) });
    const headers: Record<string, string> = {};
    for (const name of claimed.signedHeaders) headers[name] = (parts.headers[name] ?? "").replace(/\s+/g, " ").trim();
    const canonical = this.createCanonicalRequest(request, headers, parts.payloadHash);
    const scope = `${claimed.date}/${claimed.region}/${claimed.service}/aws4_request`;
    const text = await this.createStringToSign(claimed.longDate, scope, canonical, ALGORITHM);
    return this.sign(text, { signingDate: new Date(timeOf(claimed.longDate)) });
  }
}

/** The signature that the holder of this key would have made over these parts. */
export async function computeSignature(
  parts: SignedParts,
  claimed: ClaimedSignature,
  secretAccessKey: string,
): Promise<string> {
  const verifier = new RequestVerifier({
    credentials: { accessKeyId: claimed.accessKeyId, secretAccessKey },
    region: claimed.region,
    service: claimed.service,
    sha256: Sha256,
  });
  return verifier.signatureOf(parts, claimed);
}

function queryBag(query: URLSearchParams): Record<string, string | string[]> {
  const bag: Record<string, string | string[]> = {};
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name);
    bag[name] = values.length === 1 ? values[0]! : values;
  }
  return bag;
}
