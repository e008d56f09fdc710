/** A refusal in AWS's words; each service prints it in its own wire format. */
export class ServiceError extends Error {
  /** The exception's name as SDKs know it. */
  readonly code: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = "ServiceError";
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** rest-json: the name in a header, the words in the body. */
export function restJsonError(error: ServiceError): Response {
  return Response.json(
    { message: error.message },
    { status: error.status, headers: { "x-amzn-ErrorType": error.code, ...error.headers } },
  );
}
