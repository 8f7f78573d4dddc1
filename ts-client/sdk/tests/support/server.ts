// A server that does what a test tells it to, connection by connection.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach } from "vitest";

export interface Received {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  body: string;
}

/** Answers one request. */
export type Answer = (response: ServerResponse, request: Received) => unknown;

export interface ScriptedServer {
  url: string;
  /** What was asked, in order. */
  received: Received[];
  /** Answers that are not finished, that is: streams somebody still listens to. */
  open(): number;
  close(): Promise<void>;
}

const running: ScriptedServer[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

/** `answer` is asked for the n-th request of the server, from 0. */
export async function serve(
  answer: (index: number, request: Received) => Answer,
): Promise<ScriptedServer> {
  const received: Received[] = [];
  const open = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    open.add(response);
    response.on("close", () => open.delete(response));
    void readBody(request).then((body) => {
      const url = new URL(request.url ?? "/", "http://server");
      const { method = "", headers } = request;
      const one = { method, path: url.pathname, query: url.searchParams, headers, body };
      received.push(one);
      return answer(received.length - 1, one)(response, one);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const scripted: ScriptedServer = {
    url: `http://127.0.0.1:${port}`,
    received,
    open: () => open.size,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  running.push(scripted);
  return scripted;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

/** What becomes of a stream once its frames are written. */
export type Ending = "stay" | "close" | "kill";

/** An event stream of these frames. The short `retry:` keeps tests quick. */
export function stream(frames: readonly string[], ending: Ending): Answer {
  return (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(`retry: 5\n\n${frames.join("")}`, () => {
      if (ending === "close") response.end();
      // Let the bytes arrive first: a reset may overtake them.
      if (ending === "kill") setTimeout(() => response.destroy(), 20);
    });
  };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
}

export function problem(status: number, slug: string, headers: Record<string, string> = {}): Answer {
  const body = { type: `/problems/${slug}`, title: slug, status, detail: `about ${slug}` };
  return json(status, body, { "content-type": "application/problem+json", ...headers });
}

export const status = (code: number, body = ""): Answer => (response) => {
  response.writeHead(code, { "content-type": "text/html" });
  response.end(body);
};

/** Waits until something holds; a test that waits in vain fails by its time limit. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) {
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}
