import { randomUUID } from "node:crypto";
import { ServiceError } from "../http/error.ts";
import type { Service } from "../http/service.ts";

const NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

export type XmlTree = { readonly [name: string]: string | number | XmlTree };

function print(tree: XmlTree): string {
  return Object.entries(tree)
    .map(([name, value]) => `<${name}>${typeof value === "object" ? print(value) : escapeXml(String(value))}</${name}>`)
    .join("");
}

function escapeXml(text: string): string {
  return text.replace(/[<>&'"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A success of the query protocol. */
export function queryAnswer(action: string, result: XmlTree): Response {
  const body = print({ [`${action}Result`]: result, ResponseMetadata: { RequestId: randomUUID() } });
  return xml(200, `<${action}Response xmlns="${NAMESPACE}">${body}</${action}Response>`);
}

function xml(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(text, { status, headers: { "content-type": "text/xml", ...headers } });
}

export const STS_SERVICE: Service = {
  id: "sts",
  throttled: () => new ServiceError(400, "Throttling", "Rate exceeded"),
  printError({ status, code, message, headers }, requestId) {
    const body = print({
      Error: { Type: status >= 500 ? "Receiver" : "Sender", Code: code, Message: message },
      RequestId: requestId,
    });
    return xml(status, `<ErrorResponse xmlns="${NAMESPACE}">${body}</ErrorResponse>`, headers);
  },
};
