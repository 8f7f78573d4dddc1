// Streams through nginx as it comes: with nothing but `proxy_pass` it buffers answers, and speaks
// HTTP/1.0 to the server. What the server says of its streams must be enough.

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createMilepost, unwrap, type Milepost, type WatchedEvent } from "../../src/index.js";
import { SseParser, type Block } from "../../src/watch/parser.js";
import { Nginx } from "./nginx.js";
import { binary, eventually, leaseOne, RealServer, type Held } from "./real.js";

const settings: [name: string, added: string][] = [
  ["its default settings", ""],
  // The default since 1.29.7 is 1.1.
  ["HTTP/1.0 to the server", "proxy_http_version 1.0;"],
  ["HTTP/1.1 to the server", "proxy_http_version 1.1;"],
  ["gzip as distributions turn it on", "gzip on;"],
  ["gzip of everything", "gzip on; gzip_types *; gzip_proxied any; gzip_min_length 0;"],
];

// What nginx holds back comes with the next keep-alive, after 15 s, or when its buffer of 4 KiB is full.
const HELD_BACK_MS = 1_000;

describe.skipIf(binary === undefined).each(settings)("behind nginx with %s", (_name, added) => {
  let server: RealServer;
  let nginx: Nginx;
  let milepost: Milepost;

  beforeAll(async () => {
    server = await RealServer.start();
    nginx = await Nginx.before(server.url, added);
    milepost = createMilepost({ baseUrl: nginx.url });
  });
  afterAll(async () => {
    await nginx.remove();
    await server.remove();
  });

  async function report(held: Held, percent: number): Promise<void> {
    const init = { params: { path: held.path }, body: { lease: held.lease, progress: { percent } } };
    await unwrap(milepost.api.POST("/api/v1/tasks/{id}/report", init));
  }

  test.each([
    ["of a task", (id: string) => `/api/v1/tasks/${id}/events`],
    ["of many tasks", () => "/api/v1/events"],
  ])("each event of a stream %s comes when it was reported, not when a buffer is full", async (_of, path) => {
    const { id } = await milepost.submit("nginx.now");
    const held = await leaseOne(milepost, "nginx.now", 600);
    const stream = new OpenStream(await fetch(`${nginx.url}${path(id)}`, { headers: { "accept-encoding": "gzip" } }));
    await stream.next((block) => block.event === "stream.snapshot" && block.id !== undefined);
    const times: number[] = [];
    for (let percent = 10; percent <= 50; percent += 10) {
      const began = performance.now();
      const arrival = stream.next((block) => block.data?.includes(`"percent":${percent}`) === true);
      await report(held, percent);
      await arrival;
      times.push(performance.now() - began);
    }
    // The best of five, because a busy machine may hold up one of them, but nginx would hold all.
    expect(Math.min(...times)).toBeLessThan(HELD_BACK_MS);
    await stream.close();
  });

  test("the numbers of the Quickstart come one by one", async () => {
    await fetch(`${nginx.url}/start_task/nginx`, { method: "POST" });
    const stream = new OpenStream(await fetch(`${nginx.url}/sse_progress/nginx`));
    for (const number of ["0", "1", "2", "3"]) await stream.next(({ data }) => data === number);
    // Were they held back, there would be all by now: four are far less than a buffer.
    expect((await milepost.listTasks({ queue: "quickstart" })).items[0]?.done).toBe(false);
    await stream.close();
  });

  test("a stream goes on where it was after nginx was killed, and has everything once", async () => {
    const { id } = await milepost.submit("nginx.resume");
    const held = await leaseOne(milepost, "nginx.resume", 600);
    const seen: WatchedEvent[] = [];
    const states: string[] = [];
    const watching = (async () => {
      const options = { from: "start" as const, onState: ({ status }: { status: string }) => states.push(status) };
      for await (const event of milepost.watchTask(id, options)) seen.push(event);
    })();
    await report(held, 10);
    await eventually(() => seen.some(({ type }) => type === "task.progress"), (has) => has);

    await nginx.kill();
    // Meanwhile work goes on, past nginx.
    const past = server.client();
    for (const percent of [20, 30]) {
      const init = { params: { path: held.path }, body: { lease: held.lease, progress: { percent } } };
      await unwrap(past.api.POST("/api/v1/tasks/{id}/report", init));
    }
    await eventually(() => states.includes("reconnecting"), (is) => is);
    await nginx.start();

    const init = { params: { path: held.path }, body: { lease: held.lease, output: 1 } };
    await unwrap(milepost.api.POST("/api/v1/tasks/{id}/complete", init));
    await watching;
    const { items } = await milepost.history(id, { limit: 1000 });
    expect(seen.filter(({ type }) => !type.startsWith("stream."))).toEqual(items);
    expect(seen.some(({ type }) => type === "stream.reset" || type === "stream.restart")).toBe(false);
  });
});

/** The blocks of one connection, one after the other. */
class OpenStream {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #parser = new SseParser();
  #blocks: Block[] = [];

  constructor(response: Response) {
    if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
    this.#reader = (response.body as ReadableStream<Uint8Array>).getReader();
  }

  /** Reads on to the first block that `holds`. */
  async next(holds: (block: Block) => boolean): Promise<Block> {
    for (;;) {
      for (let block = this.#blocks.shift(); block !== undefined; block = this.#blocks.shift()) {
        if (holds(block)) return block;
      }
      const { done, value } = await this.#reader.read();
      if (done) throw new Error("the stream ended before what was waited for came");
      this.#blocks = this.#parser.push(value);
    }
  }

  async close(): Promise<void> {
    await this.#reader.cancel();
  }
}
