import { ServiceError } from "../http/error.ts";

/** The words in which a protocol's front door refuses. */
export interface SignatureRefusals {
  missing(): ServiceError;
  incomplete(): ServiceError;
  unknownKey(): ServiceError;
  wrongSignature(message?: string): ServiceError;
  skewed(message: string): ServiceError;
  presignedExpired(): ServiceError;
  expired(): ServiceError;
  denied(arn: string, action: string, explicitly: boolean): ServiceError;
}

const WRONG =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
const UNKNOWN = "The security token included in the request is invalid.";
const EXPIRED = "The security token included in the request is expired";
const INCOMPLETE =
  "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";

function deniedWords(arn: string, action: string, explicitly: boolean): string {
  const reason = explicitly
    ? "with an explicit deny in an identity-based policy"
    : `because no identity-based policy allows the ${action} action`;
  return `User: ${arn} is not authorized to perform: ${action} ${reason}`;
}

/** JSON services such as Bedrock. */
export const JSON_REFUSALS: SignatureRefusals = {
  missing: () => new ServiceError(403, "MissingAuthenticationTokenException", "Missing Authentication Token"),
  incomplete: () => new ServiceError(400, "IncompleteSignatureException", INCOMPLETE),
  unknownKey: () => new ServiceError(403, "UnrecognizedClientException", UNKNOWN),
  wrongSignature: (message = WRONG) => new ServiceError(403, "InvalidSignatureException", message),
  skewed: (message) => new ServiceError(403, "InvalidSignatureException", message),
  presignedExpired: () => new ServiceError(403, "ExpiredTokenException", "The presigned request has expired"),
  expired: () => new ServiceError(403, "ExpiredTokenException", EXPIRED),
  denied: (arn, action, explicitly) => new ServiceError(403, "AccessDeniedException", deniedWords(arn, action, explicitly)),
};

/** Query services such as STS: the older names, without `Exception`. */
export const QUERY_REFUSALS: SignatureRefusals = {
  missing: () => new ServiceError(403, "MissingAuthenticationToken", "Request is missing Authentication Token"),
  incomplete: () => new ServiceError(400, "IncompleteSignature", INCOMPLETE),
  unknownKey: () => new ServiceError(403, "InvalidClientTokenId", UNKNOWN),
  wrongSignature: (message = WRONG) => new ServiceError(403, "SignatureDoesNotMatch", message),
  skewed: (message) => new ServiceError(403, "SignatureDoesNotMatch", message),
  presignedExpired: () => new ServiceError(400, "RequestExpired", "Request has expired."),
  expired: () => new ServiceError(403, "ExpiredToken", EXPIRED),
  denied: (arn, action, explicitly) => new ServiceError(403, "AccessDenied", deniedWords(arn, action, explicitly)),
};
