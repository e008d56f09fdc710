import { once } from "node:events";
import { createServer as createHttp1Server } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { createServer as createTcpServer, type AddressInfo, type Socket } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import type { Env } from "./service.ts";

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/** How HTTP/2 connections without TLS begin: RFC 9113 section 3.4. */
const HTTP2_PREFACE = "PRI ";

/**
 * Serves HTTP/1.1 and HTTP/2 at one port of 127.0.0.1, told apart by the first bytes of a connection: the JavaScript SDK speaks
 * HTTP/2 with Bedrock's runtime even without TLS, everyone else HTTP/1.1.
 */
export async function listen(app: Hono<Env>, port: number): Promise<Listening> {
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const http1 = createHttp1Server((request, response) => void listener(request, response));
  // Longer than any client keeps a connection, so that none is closed just as it is used again.
  http1.keepAliveTimeout = 75_000;
  const http2 = createHttp2Server((request, response) => void listener(request, response));
  const sockets = new Set<Socket>();
  const tcp = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // A client that goes away is no failure of the server's.
    socket.on("error", () => socket.destroy());
    socket.once("data", (first) => {
      socket.pause();
      socket.unshift(first);
      const server = first.subarray(0, HTTP2_PREFACE.length).toString("latin1") === HTTP2_PREFACE ? http2 : http1;
      server.emit("connection", socket);
      if (server === http1) socket.resume();
    });
  });
  tcp.listen(port, "127.0.0.1");
  await once(tcp, "listening");
  return {
    port: (tcp.address() as AddressInfo).port,
    async close() {
      const closed = once(tcp, "close");
      tcp.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
