// The streams read by other people's parsers: whatever texts are in them, across cuts, each gives
// exactly the events that the history tells.

import { EventSource } from "eventsource";
import { createParser } from "eventsource-parser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { Cutter } from "./cutter.js";
import { entries, history, hostileTexts, live, told, TYPES, type Read } from "./hostile.js";
import { binary, eventually, RealServer } from "./real.js";

/** Reads a stream, and again where it was cut, until it is over or `enough`. */
type Reader = (url: string, enough: (read: readonly Read[]) => boolean) => Promise<Read[]>;

/** The package `eventsource`: it reconnects by itself, and stops where the server answers 204. */
const byEventSource: Reader = (url, enough) =>
  new Promise((resolve) => {
    const read: Read[] = [];
    const source = new EventSource(url);
    const finish = (): void => {
      source.close();
      resolve(read);
    };
    for (const type of TYPES) {
      source.addEventListener(type, (event: MessageEvent<string>) => {
        read.push({ id: event.lastEventId, type, data: event.data });
        if (enough(read)) finish();
      });
    }
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) finish();
    });
  });

/** The package `eventsource-parser`, which leaves connections to its caller. */
const byEventSourceParser: Reader = async (url, enough) => {
  const read: Read[] = [];
  let last: string | undefined;
  let reachedEnd = false;
  const parser = createParser({
    // Unlike EventSource it says of each event only its own id.
    onId: (id) => (last = id),
    onEvent: ({ event = "message", data }) => read.push({ id: last ?? "", type: event, data }),
    onError: (error) => {
      throw error;
    },
  });
  while (!reachedEnd && !enough(read)) {
    const response = await fetch(url, { headers: last === undefined ? {} : { "last-event-id": last } });
    if (response.status === 204) return read;
    expect(response.status).toBe(200);
    const decoder = new TextDecoder();
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    parser.reset();
    while (!enough(read)) {
      const piece = await reader.read().catch(() => ({ done: true, value: undefined }));
      if (piece.value === undefined) break;
      parser.feed(decoder.decode(piece.value, { stream: true }));
    }
    reachedEnd = read.at(-1)?.type === "stream.end";
    await reader.cancel().catch(() => {});
  }
  return read;
};

const readers: [name: string, read: Reader][] = [
  ["eventsource", byEventSource],
  ["eventsource-parser", byEventSourceParser],
];

describe.skipIf(binary === undefined).each(readers)("read by %s", (name, read) => {
  const kind = `conform ${name}`;
  let server: RealServer;
  let cutter: Cutter;
  let texts: string[];

  beforeAll(async () => {
    texts = await hostileTexts();
    server = await RealServer.start();
    cutter = await Cutter.before(server.url);
  });
  afterAll(async () => {
    await cutter.close();
    await server.remove();
  });

  test("a task's stream has what its history tells, whatever its texts are", { timeout: 120_000 }, async () => {
    await Promise.all(
      texts.map(async (text, index) => {
        const id = await live(server.url, `${kind} ${index}`, text);
        const path = `/api/v1/tasks/${id}/events?from=start`;
        const got = await read(`${server.url}${path}`, () => false);
        expect(entries(got)).toEqual(told(await history(server.url, `/api/v1/tasks/${id}/history`)));
        expect(got.filter(({ type }) => type.startsWith("stream.")).map(({ type }) => type)).toEqual(["stream.end"]);
      }),
    );
  });

  test("a stream of many tasks has each event once, in order, however often it is cut", { timeout: 120_000 }, async () => {
    const query = `kind=${encodeURIComponent(kind)}`;
    const half = Math.floor(texts.length / 2);
    for (const text of texts.slice(0, half)) await live(server.url, kind, text);
    cutter.cut(3_000, 50_000, 10_001);
    // Not known yet while the reader begins.
    const end: { cursor?: string | undefined } = {};
    const hasAll = (got: readonly Read[]): boolean => got.some(({ id }) => id === end.cursor);
    const reading = read(`${cutter.url}/api/v1/events?from=start&${query}`, hasAll);
    for (const text of texts.slice(half)) await live(server.url, kind, text);
    const events = await history(server.url, `/api/v1/history?${query}`);
    end.cursor = events.at(-1)?.cursor;
    // Another, because the reader may have had the last event before it was known to be that.
    await live(server.url, kind, "the end");
    const got = entries(await reading);
    expect(got.slice(0, events.length)).toEqual(told(events));
    expect(cutter.resumed.length).toBeGreaterThanOrEqual(4);
    expect(cutter.resumed[0]).toBeUndefined();
    expect(cutter.resumed.slice(1).every((id) => id !== undefined && id !== "")).toBe(true);
  });

  test("the Quickstart's numbers come once each, in order, across cuts, and then it is over", { timeout: 120_000 }, async () => {
    await fetch(`${server.url}/start_task/conform`, { method: "POST" });
    cutter.cut(700, 1_500);
    const got = await read(`${cutter.url}/sse_progress/conform`, (all) => all.at(-1)?.data === "DONE");
    const numbers = Array.from({ length: 101 }, (_, percent) => String(percent));
    expect(got.map(({ data }) => data)).toEqual([...numbers, "DONE"]);
    expect(got.every(({ type }) => type === "message")).toBe(true);
    const events = await history(server.url, "/api/v1/history?queue=quickstart");
    const progress = events.filter(({ type }) => type === "task.progress");
    expect(got.slice(0, -1).map(({ id, data }) => [id, Number(data)])).toEqual(
      progress.map((event) => [event.cursor, event.progress?.percent]),
    );
    await eventually(() => cutter.resumed.length, (connections) => connections >= 3);
  });
});
