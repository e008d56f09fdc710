import type { ClientRequest, IncomingMessage } from "node:http";
import {
  CredentialError,
  formatDuration,
  invalidConfiguration,
  type Http,
  type HttpAnswer,
  type HttpRequest,
} from "@keyspring/core";
import { http, https } from "./builtin.ts";
import { trustedAuthorities } from "./certificates.ts";
import { networkError, proxyRefused } from "./http-errors.ts";
import { proxyFor, routeTo, type Route } from "./proxy.ts";

const DEFAULT_TIMEOUT = 10_000;
const BODY_LIMIT = 10 * 1024 * 1024;
/** Only these may use a connection that the server might be closing at that moment: repeating them does no harm. */
const REPEATABLE = new Set(["GET", "HEAD", "OPTIONS"]);

/** The network, with proxies and certificate authorities as this process's environment says. Redirects are answers. */
export function systemHttp(env: Readonly<Record<string, string | undefined>>): Http {
  const routes = new Map<string, Promise<Route>>();
  let authorities: string[] | undefined;
  let read = false;

  const routeFor = (url: URL, keepAlive: boolean): Promise<Route> => {
    if (!read) [authorities, read] = [trustedAuthorities(env["AWS_CA_BUNDLE"]), true];
    const key = `${url.protocol} ${proxyFor(url)?.href ?? ""} ${keepAlive}`;
    const known = routes.get(key) ?? routeTo(url, keepAlive, authorities);
    routes.set(key, known);
    return known;
  };

  const request = async (wanted: HttpRequest): Promise<HttpAnswer> => {
    wanted.signal?.throwIfAborted();
    const url = parse(wanted.url);
    const repeatable = REPEATABLE.has(wanted.method.toUpperCase());
    const route = await routeFor(url, repeatable);
    try {
      return await exchange(wanted, url, route, authorities);
    } catch (error) {
      if (!repeatable || !(error instanceof StaleConnection)) throw error;
      return exchange(wanted, url, { ...route, agent: (await routeTo(url, false, authorities)).agent }, authorities);
    }
  };
  return { request };
}

/** A kept connection that the server closed while the request was on its way. */
class StaleConnection extends Error {}

function parse(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  // The address itself may hold a code or a token.
  throw invalidConfiguration("an address in the configuration is no http:// or https:// address", "Correct it in config.toml.");
}

function exchange(wanted: HttpRequest, url: URL, route: Route, ca: string[] | undefined): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const timeout = wanted.timeout ?? DEFAULT_TIMEOUT;
    const request = open(wanted, url, route, ca);
    const fail = (reason: unknown): void => {
      finish();
      request.destroy();
      reject(reason);
    };
    const broken = (error: unknown): void => {
      const stale = request.reusedSocket && (error as NodeJS.ErrnoException).code === "ECONNRESET";
      fail(stale ? new StaleConnection() : networkError(error, url.host, route.proxyHost));
    };
    const cancel = (): void => fail(wanted.signal?.reason);
    const timer = setTimeout(() => fail(tooLate(url.host, timeout)), timeout);
    const finish = (): void => {
      clearTimeout(timer);
      wanted.signal?.removeEventListener("abort", cancel);
    };
    wanted.signal?.addEventListener("abort", cancel, { once: true });
    request.on("error", broken);
    // Said by https-proxy-agent: how the proxy answered CONNECT. What follows a refusal is not the server's answer.
    request.on("proxyConnect", ({ statusCode }: { statusCode: number }) => {
      if (statusCode !== 200) fail(proxyRefused(statusCode, url.host, route.proxyHost ?? ""));
    });
    request.on("response", (response) => {
      response.on("error", broken);
      if (response.statusCode === 407 && route.proxyHost !== undefined)
        return fail(proxyRefused(407, url.host, route.proxyHost));
      collect(response, (body) => {
        if (body === undefined) return fail(tooLong(url.host));
        finish();
        resolve({ status: response.statusCode ?? 0, headers: headersOf(response), body });
      });
    });
    request.end(wanted.body);
  });
}

function open(wanted: HttpRequest, url: URL, { agent }: Route, ca: string[] | undefined): ClientRequest {
  const options = { method: wanted.method, headers: { ...wanted.headers }, agent };
  return url.protocol === "https:"
    ? https().request(url, ca === undefined ? options : { ...options, ca })
    : http().request(url, options);
}

/** The body as UTF-8 text; `undefined` if it is longer than is read. */
function collect(response: IncomingMessage, onBody: (body: string | undefined) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > BODY_LIMIT) onBody(undefined);
    else chunks.push(chunk);
  });
  response.on("end", () => {
    if (size <= BODY_LIMIT) onBody(Buffer.concat(chunks).toString("utf8"));
  });
}

function headersOf(response: IncomingMessage): Record<string, string> {
  const entries = Object.entries(response.headers).filter(
    (entry): entry is [string, string | string[]] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]));
}

function tooLate(host: string, timeout: number): CredentialError {
  const age = timeout < 1000 ? `${timeout} ms` : formatDuration(timeout);
  return new CredentialError("TIMED_OUT", `${host} did not answer within ${age}`, {
    remedy: "Check the network and try again; behind a proxy set HTTPS_PROXY.",
  });
}

function tooLong(host: string): CredentialError {
  return new CredentialError("NETWORK", `${host} answered with more than 10 MiB`, {
    remedy: "Check that HTTPS_PROXY and the addresses in the configuration name the right server.",
  });
}
