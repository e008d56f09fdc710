import type { Agent } from "node:http";
import { invalidConfiguration } from "@keyspring/core";
import { getProxyForUrl } from "proxy-from-env";
import { http, https } from "./builtin.ts";

/** How to get to a server: Node's agent for it and, for messages, the proxy's host. */
export interface Route {
  readonly agent: Agent;
  readonly proxyHost: string | undefined;
}

/** The proxy that `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` (either case) name for this address. */
export function proxyFor(url: URL): URL | undefined {
  const named = getProxyForUrl(url.href);
  if (named === "") return undefined;
  if (URL.canParse(named) && /^https?:$/.test(new URL(named).protocol)) return new URL(named);
  // The value may hold a password: it is not repeated.
  throw invalidConfiguration(
    `the proxy variable for ${url.protocol}// addresses is not the address of an HTTP proxy`,
    "Write it as http://host:port in HTTPS_PROXY or HTTP_PROXY.",
  );
}

/** The route for one address. `keepAlive` connections stay for the next request and keep no process alive. */
export async function routeTo(url: URL, keepAlive: boolean, authorities: string[] | undefined): Promise<Route> {
  const proxy = proxyFor(url);
  const options = { keepAlive, ...(authorities === undefined ? {} : { ca: authorities }) };
  if (proxy === undefined) {
    const agent = url.protocol === "https:" ? new (https().Agent)(options) : new (http().Agent)(options);
    return { agent, proxyHost: undefined };
  }
  if (url.protocol === "https:") {
    const { HttpsProxyAgent } = await import("https-proxy-agent");
    return { agent: new HttpsProxyAgent(proxy, options), proxyHost: proxy.host };
  }
  const { HttpProxyAgent } = await import("http-proxy-agent");
  return { agent: new HttpProxyAgent(proxy, options), proxyHost: proxy.host };
}
