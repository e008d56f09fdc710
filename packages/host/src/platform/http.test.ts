import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import {
  createServer as createHttpServer,
  request as forward,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { connect, createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isCredentialError, type HttpAnswer, type HttpRequest } from "@keyspring/core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { systemHttp } from "./http.ts";
import { inNode } from "./testing/in-node.ts";

const SECRET = "Secret-in-the-address-0123456789";
const folder = mkdtempSync(join(tmpdir(), "keyspring-http-"));
const servers: (Server | TcpServer)[] = [];

async function listening(server: Server | TcpServer): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** An authority and a certificate of its for localhost, made by openssl. */
function makeCertificates(): void {
  const openssl = (...args: string[]): void => void execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
  openssl(
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
    "-days",
    "2",
    "-subj",
    "/CN=Test authority",
  );
  openssl(
    "req",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-keyout",
    "key.pem",
    "-out",
    "csr.pem",
    "-subj",
    "/CN=localhost",
  );
  writeFileSync(join(folder, "names"), "subjectAltName=DNS:localhost\n");
  openssl(
    "x509",
    "-req",
    "-in",
    "csr.pem",
    "-CA",
    "ca.pem",
    "-CAkey",
    "ca.key",
    "-CAcreateserial",
    "-out",
    "cert.pem",
    "-days",
    "2",
    "-extfile",
    "names",
  );
}

const answer: RequestListener = (request, response) => {
  if (request.url?.startsWith("/slow")) return;
  if (request.url?.startsWith("/redirect")) return void response.writeHead(302, { location: "/elsewhere" }).end();
  if (request.url?.startsWith("/break")) return void request.socket.destroy();
  if (request.url?.startsWith("/half"))
    return void response.writeHead(200, { "content-length": "100" }).write("half", () => request.socket.destroy());
  if (request.url?.startsWith("/flood")) {
    const more = (): void => void response.write("x".repeat(1024 * 1024), (error) => (error ? undefined : more()));
    return more();
  }
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    response.writeHead(403, { "X-Test": "Yes", "set-cookie": ["a=1", "b=2"] });
    response.end(
      JSON.stringify({
        method: request.method,
        url: request.url,
        body: Buffer.concat(chunks).toString(),
        host: request.headers.host,
        port: request.socket.remotePort,
        ä: 1,
      }),
    );
  });
};

/** A proxy that notes what it was asked, wants a password, and refuses `blocked.test`. */
const asked: string[] = [];
function allowed(request: IncomingMessage): boolean {
  asked.push(`${request.method} ${request.url}`);
  return request.headers["proxy-authorization"] === `Basic ${Buffer.from(`user:${SECRET}`).toString("base64")}`;
}

function proxy(): Server {
  const server = createHttpServer((request, response) => {
    if (!allowed(request)) {
      response.writeHead(407).end();
      return;
    }
    const through = forward(request.url!, { method: request.method!, headers: request.headers }, (from) => {
      response.writeHead(from.statusCode!, from.headers);
      from.pipe(response);
    });
    request.pipe(through);
  });
  server.on("connect", (request, socket) => {
    const refusal = !allowed(request)
      ? "407 Proxy Authentication Required"
      : request.url!.startsWith("blocked.test")
        ? "403 No"
        : "";
    if (refusal !== "") {
      socket.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
      return;
    }
    const [host, port] = request.url!.split(":");
    const there = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      there.pipe(socket).pipe(there);
    });
    for (const end of [there, socket]) end.on("error", () => undefined);
  });
  return server;
}

let plain: string;
let secure: string;
let through: string;

beforeAll(async () => {
  makeCertificates();
  const files = { key: readFileSync(join(folder, "key.pem")), cert: readFileSync(join(folder, "cert.pem")) };
  plain = `http://localhost:${await listening(createHttpServer(answer))}`;
  secure = `https://localhost:${await listening(createHttpsServer(files, answer))}`;
  through = `localhost:${await listening(proxy())}`;
});
afterAll(() => {
  for (const server of servers) {
    server.close();
    if ("closeAllConnections" in server) server.closeAllConnections();
  }
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  asked.length = 0;
  for (const name of [
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
  ])
    vi.stubEnv(name, undefined);
  vi.stubEnv("AWS_CA_BUNDLE", undefined);
});
afterEach(() => vi.unstubAllEnvs());

const send = (url: string, more: Partial<HttpRequest> = {}): Promise<HttpAnswer> =>
  systemHttp(process.env).request({ method: "GET", url, ...more });
const trusted = (): void => void vi.stubEnv("AWS_CA_BUNDLE", join(folder, "ca.pem"));

async function failure(work: Promise<unknown>): Promise<{ code: string; message: string; remedy: string }> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isCredentialError(error)) throw new Error("no credential error", { cause: error });
  expect(`${error.message}\n${error.remedy}`).not.toContain(SECRET);
  expect(error.message).not.toContain("\n");
  return { code: error.code, message: error.message, remedy: error.remedy ?? "" };
}

describe("answers", () => {
  test("any status; header names in lower case; UTF-8; the body as sent", async () => {
    const { status, headers, body } = await send(`${plain}/a?b=c`, {
      method: "POST",
      body: "ü",
      headers: { "content-type": "text/plain" },
    });
    expect([status, headers["x-test"], headers["set-cookie"]]).toEqual([403, "Yes", "a=1, b=2"]);
    expect(JSON.parse(body)).toMatchObject({ method: "POST", url: "/a?b=c", body: "ü", ä: 1 });
  });

  test("a redirect is an answer", async () => {
    expect(await send(`${plain}/redirect`)).toMatchObject({ status: 302, headers: { location: "/elsewhere" } });
  });

  test("connections are kept for what may be repeated, and only for that", async () => {
    const http = systemHttp(process.env);
    const port = async (method: string): Promise<number> =>
      (JSON.parse((await http.request({ method, url: plain })).body) as { port: number }).port;
    expect(await port("GET")).toBe(await port("GET"));
    expect(await port("POST")).not.toBe(await port("POST"));
  });

  test("a kept connection that the server closes meanwhile: asked again on a new one", async () => {
    let connections = 0;
    const server = createTcpServer((socket) => {
      const first = (connections += 1) === 1;
      let requests = 0;
      socket.on("error", () => undefined);
      socket.on("data", () => {
        requests += 1;
        if (first && requests === 2) socket.resetAndDestroy();
        else socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      });
    });
    const url = `http://localhost:${await listening(server)}`;
    const http = systemHttp(process.env);
    await http.request({ method: "GET", url });
    expect(await http.request({ method: "GET", url })).toMatchObject({ body: "ok" });
    expect(connections).toBe(2);
  });

  test("a kept connection does not keep the process alive", async () => {
    const app = inNode(
      `import { systemHttp } from "${import.meta.dirname}/http.ts";
       console.log((await systemHttp({}).request({ method: "GET", url: "${plain}" })).status);`,
    );
    expect(await app.line()).toBe("403");
    const ended = performance.now();
    expect(await app.exit()).toBe(0);
    expect(performance.now() - ended).toBeLessThan(1500);
  });
});

describe("failures", () => {
  test.each([
    ["nobody listens", "http://localhost:1", "localhost:1 could not be reached: it refused the connection"],
    ["name that nobody knows", "http://no-such-host.invalid", "no-such-host.invalid could not be reached: its name"],
  ])("%s", async (_state, base, message) => {
    const found = await failure(send(`${base}/?code=${SECRET}`, { headers: { authorization: SECRET } }));
    expect(found).toMatchObject({ code: "NETWORK", remedy: "Check the network; behind a proxy set HTTPS_PROXY." });
    expect(found.message).toContain(message);
  });

  test.each(["/break", "/half"])("connection broken (%s)", async (path) => {
    expect(await failure(send(`${plain}${path}?code=${SECRET}`))).toMatchObject({
      code: "NETWORK",
      message: expect.stringContaining("it broke the connection"),
    });
  });

  test("no answer in time", async () => {
    const found = await failure(send(`${plain}/slow?code=${SECRET}`, { timeout: 200 }));
    expect(found).toMatchObject({ code: "TIMED_OUT", message: `${new URL(plain).host} did not answer within 200 ms` });
  });

  test("cancelled: rejects with the reason", async () => {
    const cancel = new AbortController();
    const waiting = send(`${plain}/slow`, { signal: cancel.signal });
    setTimeout(() => cancel.abort(new Error("enough")), 50);
    await expect(waiting).rejects.toThrow("enough");
    await expect(send(plain, { signal: cancel.signal })).rejects.toThrow("enough");
  });

  test("more than is read", async () => {
    expect(await failure(send(`${plain}/flood`))).toMatchObject({
      code: "NETWORK",
      message: expect.stringContaining("more than 10 MiB"),
    });
  });

  test.each(["ftp://localhost/", "localhost", ""])("no address for HTTP: %j", async (url) => {
    expect(await failure(send(url))).toMatchObject({ code: "INVALID_CONFIGURATION" });
  });

  test("server that speaks no TLS", async () => {
    expect((await failure(send(plain.replace("http:", "https:")))).message).toContain("does not speak TLS");
  });
});

describe("certificates", () => {
  test("signed by nobody known: the remedy names AWS_CA_BUNDLE", async () => {
    expect(await failure(send(secure))).toMatchObject({ code: "NETWORK", remedy: expect.stringContaining("AWS_CA_BUNDLE") });
  });

  test("AWS_CA_BUNDLE: trusted, for each kind of request", async () => {
    trusted();
    expect((await send(secure)).status).toBe(403);
    expect((await send(secure, { method: "POST", body: "x" })).status).toBe(403);
  });

  test("AWS_CA_BUNDLE adds to what is known, it does not replace it", async () => {
    // What Node knows cannot be asked without the network: the list itself is looked at.
    const { trustedAuthorities } = await import("./certificates.ts");
    const { rootCertificates } = await import("node:tls");
    const all = trustedAuthorities(join(folder, "ca.pem"))!;
    expect(all).toEqual(expect.arrayContaining([rootCertificates[0], readFileSync(join(folder, "ca.pem"), "utf8")]));
  });

  test("certificate for another name", async () => {
    trusted();
    expect((await failure(send(secure.replace("localhost", "127.0.0.1")))).message).toContain(
      "its certificate belongs to another name",
    );
  });

  test.each([
    ["nothing", "none.pem", "cannot be read"],
    ["a key", "key.pem", "holds no certificate"],
  ])("AWS_CA_BUNDLE names %s: said", async (_state, name, message) => {
    vi.stubEnv("AWS_CA_BUNDLE", join(folder, name));
    expect(await failure(send(secure))).toMatchObject({
      code: "INVALID_CONFIGURATION",
      message: expect.stringContaining(message),
    });
  });
});

describe("proxies", () => {
  test.each(["HTTPS_PROXY", "https_proxy"])(
    "%s: CONNECT with the password, the server's certificate is checked",
    async (name) => {
      trusted();
      vi.stubEnv(name, `http://user:${SECRET}@${through}`);
      expect((await send(secure)).status).toBe(403);
      expect(asked).toEqual([`CONNECT ${new URL(secure).host}`]);
      vi.stubEnv("AWS_CA_BUNDLE", undefined);
      expect((await failure(send(secure))).remedy).toContain("AWS_CA_BUNDLE");
    },
  );

  test("HTTP_PROXY: the whole address", async () => {
    vi.stubEnv("HTTP_PROXY", `http://user:${SECRET}@${through}`);
    expect((await send(`${plain}/a`, { method: "POST", body: "b" })).body).toContain('"body":"b"');
    expect(asked).toEqual([`POST ${plain}/a`]);
  });

  test("NO_PROXY: not asked", async () => {
    vi.stubEnv("HTTP_PROXY", `http://${through}`);
    vi.stubEnv("NO_PROXY", "example.com,localhost");
    expect((await send(plain)).status).toBe(403);
    expect(asked).toEqual([]);
  });

  test.each([
    ["https", "HTTPS_PROXY"],
    ["http", "HTTP_PROXY"],
  ])("%s, password missing: said", async (scheme, name) => {
    vi.stubEnv(name, `http://${through}`);
    const found = await failure(send(scheme === "https" ? secure : plain));
    expect(found).toMatchObject({ code: "NETWORK", message: expect.stringContaining("wants a user name and password") });
    expect(found.remedy).toContain("before the host: user name, colon, password");
  });

  test("proxy refuses: its answer is not taken for the server's", async () => {
    vi.stubEnv("HTTPS_PROXY", `http://user:${SECRET}@${through}`);
    expect(await failure(send("https://blocked.test/"))).toMatchObject({
      code: "NETWORK",
      message: `the proxy ${through} does not connect to blocked.test: it answered 403`,
    });
  });

  test("proxy that is not there: named without its password", async () => {
    vi.stubEnv("HTTPS_PROXY", `http://user:${SECRET}@localhost:1`);
    expect(await failure(send("https://example.invalid/"))).toMatchObject({
      message: "example.invalid could not be reached through the proxy localhost:1: it refused the connection",
    });
  });

  test.each([`http://user:${SECRET}@`, `socks5://user:${SECRET}@localhost:1`, `${SECRET} x`])(
    "proxy variable that is no address: said without its value",
    async (value) => {
      vi.stubEnv("HTTPS_PROXY", value);
      expect(await failure(send(secure))).toMatchObject({ code: "INVALID_CONFIGURATION" });
    },
  );
});
