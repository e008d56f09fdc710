import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { describe, expect, it } from "vitest";
import { exportedCredentials } from "../lib/expect.ts";
import { house as newHouse, KEYSPRING, NODE, type House, type HouseOptions } from "../lib/house.ts";
import { badCases } from "./case.ts";
import { missing, refuseToSkip } from "./needs.ts";
import { signedIn } from "./signed-in.ts";

/** Nothing listens on port 1. */
const NOBODY = "http://127.0.0.1:1";
const UNKNOWN = "http://portal.keyspring.invalid";

const at = (url: string, more: Record<string, string> = {}): HouseOptions => ({
  env: { AWS_ENDPOINT_URL: url, AWS_ENDPOINT_URL_SSO: url, AWS_ENDPOINT_URL_SSO_OIDC: url, ...more },
});

const TOKEN = /^\/\.aws\/sso\/cache\/\w+\.json$/;

const signed = (house: House): Promise<string> => signedIn(house);
const ended = (house: House): Promise<string> => signedIn(house, { expiresAt: "2020-01-01T00:00:00Z" });

/** Points Identity Center's two services at a server of the test's own. */
async function serve(house: House, server: Server, scheme: "http" | "https" | "proxy"): Promise<void> {
  server.listen(0, "127.0.0.1").unref();
  await once(server, "listening");
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  if (scheme === "proxy") Object.assign(house.env, { HTTPS_PROXY: `http://${address}`, https_proxy: `http://${address}` });
  else for (const name of ["AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL_SSO_OIDC"]) house.env[name] = `${scheme}://${address}`;
}

/** A proxy that answers every CONNECT with this status. */
function refusingProxy(status: string): Server {
  const server = createHttpServer((_, answer) => void answer.writeHead(502).end());
  server.on("connect", (_, socket) => void socket.end(`HTTP/1.1 ${status}\r\n\r\n`));
  return server;
}

function selfSigned(house: House): Server {
  const [key, cert] = [house.path("tls/key.pem"), house.path("tls/cert.pem")];
  house.write("tls/readme", "");
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync(
    "openssl",
    ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", cert, ...subject],
    { stdio: "ignore" },
  );
  return createHttpsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, answer) => void answer.end("{}"));
}

badCases("network", [
  {
    state: "connection refused, role credentials",
    options: at(NOBODY),
    arrange: signed,
    argv: ["export"],
    exitCode: 7,
    what: /127\.0\.0\.1:1 could not be reached: it refused the connection/,
    next: /Check the network/,
  },
  {
    state: "connection refused, renewal",
    options: at(NOBODY),
    arrange: ended,
    argv: ["export"],
    exitCode: 7,
    what: /127\.0\.0\.1:1 could not be reached: it refused the connection/,
    next: /Check the network/,
  },
  {
    state: "connection refused, sign-in",
    options: at(NOBODY),
    argv: ["login"],
    exitCode: 7,
    what: /could not be reached: it refused the connection/,
    next: /Check the network/,
  },
  {
    state: "connection refused, refresh",
    options: at(NOBODY),
    argv: ["refresh"],
    exitCode: 7,
    what: /could not be reached: it refused the connection/,
    next: /Check the network/,
  },
  {
    state: "connection refused, sign-out",
    options: at(NOBODY),
    arrange: signed,
    argv: ["logout"],
    changes: TOKEN,
    exitCode: 7,
    what: /signed out here, but Identity Center was not told: .*refused the connection/,
    next: /sign out at https:\/\/acme/,
  },
  {
    state: "a name that nobody knows",
    options: at(UNKNOWN),
    arrange: signed,
    argv: ["process"],
    exitCode: 7,
    what: /portal\.keyspring\.invalid could not be reached: its name/,
    next: /Check the network; behind a proxy set HTTPS_PROXY/,
  },
  {
    state: "a proxy that refuses the connection",
    options: at("https://portal.keyspring.invalid", { HTTPS_PROXY: NOBODY }),
    arrange: signed,
    argv: ["export"],
    exitCode: 7,
    what: /portal\.keyspring\.invalid could not be reached through the proxy 127\.0\.0\.1:1/,
    next: /Check HTTPS_PROXY, or add the host to NO_PROXY/,
  },
  {
    state: "a proxy that wants a password",
    options: at("https://portal.keyspring.invalid"),
    arrange: async (house) => {
      await signed(house);
      await serve(house, refusingProxy("407 Proxy Authentication Required"), "proxy");
    },
    argv: ["export"],
    exitCode: 7,
    what: /the proxy 127\.0\.0\.1:\d+ does not connect to portal\.keyspring\.invalid: it wants a user name and password/,
    next: /Put them into HTTPS_PROXY/,
  },
  {
    state: "a proxy that forbids the host",
    options: at("https://portal.keyspring.invalid"),
    arrange: async (house) => {
      await signed(house);
      await serve(house, refusingProxy("403 Forbidden"), "proxy");
    },
    argv: ["export"],
    exitCode: 7,
    what: /the proxy 127\.0\.0\.1:\d+ does not connect to portal\.keyspring\.invalid: it answered 403/,
    next: /NO_PROXY/,
  },
  {
    state: "a proxy whose address is none",
    options: at("https://portal.keyspring.invalid", { HTTPS_PROXY: "::::" }),
    arrange: signed,
    argv: ["export"],
    exitCode: 2,
    what: /the proxy variable for https:\/\/ addresses/,
    next: /http:\/\/host:port in HTTPS_PROXY/,
  },
  {
    state: "a certificate that nobody known signed",
    needs: ["openssl"],
    arrange: async (house) => {
      await signed(house);
      await serve(house, selfSigned(house), "https");
    },
    argv: ["export"],
    exitCode: 7,
    what: /127\.0\.0\.1:\d+ could not be reached: its certificate was signed by nobody that this machine knows/,
    next: /AWS_CA_BUNDLE/,
  },
  {
    state: "no TLS where TLS is expected",
    arrange: async (house) => {
      await signed(house);
      await serve(
        house,
        createHttpServer((_, answer) => void answer.end("{}")),
        "https",
      );
    },
    argv: ["export"],
    exitCode: 7,
    what: /does not speak TLS as expected/,
    next: /HTTPS_PROXY/,
  },
  {
    state: "AWS_CA_BUNDLE that is not there",
    options: { env: { AWS_CA_BUNDLE: "/nowhere/ca.pem" } },
    arrange: signed,
    argv: ["export"],
    exitCode: 2,
    what: /AWS_CA_BUNDLE/,
    next: /AWS_CA_BUNDLE/,
  },
  {
    state: "AWS_CA_BUNDLE without a certificate in it",
    arrange: async (house) => {
      await signed(house);
      house.env["AWS_CA_BUNDLE"] = house.write("ca.pem", "hello\n");
    },
    argv: ["export"],
    exitCode: 2,
    what: /AWS_CA_BUNDLE/,
    next: /AWS_CA_BUNDLE/,
  },
  {
    state: "an endpoint that is no address",
    options: at("127.0.0.1:8080"),
    arrange: signed,
    argv: ["export"],
    exitCode: 2,
    what: /AWS_ENDPOINT_URL_SSO is no URL/,
    next: /unset AWS_ENDPOINT_URL_SSO/,
  },
]);

const HOUR = 3_600_000;
const CLOCK = /^Set the clock: compare `date -u` with the true time/;

badCases("clock two hours off", [
  {
    state: "Identity Center's clock is behind: credentials look ended when they arrive",
    arrange: async (house) => {
      await signedIn(house);
      await house.simulator.control.setClockSkew({ milliseconds: -2 * HOUR });
    },
    argv: ["export"],
    exitCode: 5,
    what: /by this machine.s clock the credentials that Identity Center has just issued ended (?:59 min|1 h) ago/,
    next: CLOCK,
  },
  {
    state: "this machine's clock is ahead",
    needs: ["faketime"],
    arrange: (house) => signedIn(house),
    argv: ["export"],
    through: (_, command) => ["faketime", "-f", "+2h", ...command],
    changes: TOKEN,
    exitCode: 5,
    what: /by this machine.s clock the credentials that Identity Center has just issued ended (?:59 min|1 h) ago/,
    next: CLOCK,
  },
  {
    state: "this machine's clock is ahead, refresh",
    needs: ["faketime"],
    arrange: (house) => signedIn(house),
    argv: ["refresh"],
    through: (_, command) => ["faketime", "-f", "+2h", ...command],
    changes: TOKEN,
    exitCode: 5,
    what: /by this machine.s clock the credentials that Identity Center has just issued ended (?:59 min|1 h) ago/,
    next: CLOCK,
  },
]);

describe("this machine's clock is behind", () => {
  it("credentials are handed out as they are: they end when AWS says", async ({ skip }) => {
    const lacking = missing(["faketime"]);
    if (lacking !== undefined) skip(refuseToSkip(lacking));
    const home = await newHouse();
    await signedIn(home);
    const result = await home.run("faketime", ["-f", "-2h", NODE, KEYSPRING, "export"], { handsOut: true });
    const { Expiration } = exportedCredentials(result);
    expect(Math.abs(Date.parse(Expiration) - Date.now() - HOUR)).toBeLessThan(120_000);
  });
});
