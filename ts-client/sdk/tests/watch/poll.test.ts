// Streams that are held back on their way, as by a proxy that buffers.

import { beforeEach, describe, expect, test } from "vitest";

import { createMilepost, emptyState, fold, type Milepost, type StreamState, type WatchedEvent } from "../../src/index.js";
import { LogServer } from "../support/logserver.js";
import { serve, until, type Answer } from "../support/server.js";

let server: LogServer;
let milepost: Milepost;

beforeEach(async () => {
  server = await LogServer.start();
  server.holdsBack = true;
  milepost = createMilepost({ baseUrl: server.server.url, longPoll: { after: 500, retryStream: 60_000, waitSeconds: 1 } });
});

const paths = (): string[] => server.server.received.map((request) => request.path);

describe("where streams are held back", () => {
  test("many tasks are polled for: a snapshot, then all that happens, once and in order", async () => {
    server.put("a");
    const abort = new AbortController();
    const events: WatchedEvent[] = [];
    const states: StreamState["status"][] = [];
    let state = emptyState({ keepLogs: 100 });
    const watching = (async () => {
      const options = { signal: abort.signal, onState: ({ status }: StreamState) => states.push(status) };
      for await (const event of milepost.follow({}, options)) {
        events.push(event);
        state = fold(state, event);
      }
    })();
    await until(() => state.complete);
    for (let i = 0; i < 30; i += 1) {
      server.say("a", `line ${i}`);
      if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 30));
    }
    server.put("b");
    await until(() => state.tasks.has("b"));
    expect(state.logs.get("a")?.map((line) => line.text)).toEqual(Array.from({ length: 30 }, (_, i) => `line ${i}`));
    expect(events[0]?.type).toBe("stream.snapshot");
    expect(events.filter((event) => event.type === "stream.snapshot")).toHaveLength(1);
    expect(states).toEqual(["connecting", "live"]);
    // One stream was tried, and the position noted before the list was read.
    expect(paths().slice(0, 4)).toEqual(["/api/v1/event-streams", "/api/v1/system", "/api/v1/tasks", "/api/v1/history"]);
    expect(server.opened).toHaveLength(1);
    abort.abort();
    await watching;
  });

  test("what is added later is read, and its events come with the others", async () => {
    server.put("a");
    server.put("b");
    const signal = AbortSignal.timeout(20_000);
    const first = milepost.follow({ task: "a" }, { signal });
    expect((await first.next()).value).toMatchObject({ type: "stream.snapshot", tasks: [{ id: "a" }] });
    const second = milepost.follow({ task: "b" }, { signal });
    expect((await second.next()).value).toMatchObject({ type: "stream.snapshot", tasks: [{ id: "b" }] });
    server.say("b", "to b");
    server.say("a", "to a");
    expect((await second.next()).value).toMatchObject({ type: "task.log", lines: [{ text: "to b" }] });
    expect((await first.next()).value).toMatchObject({ type: "task.log", lines: [{ text: "to a" }] });
    // It is known by now what is on the way, so no stream was waited for again.
    expect(server.opened).toHaveLength(1);
    await Promise.all([first.return?.(), second.return?.()]);
  });

  test("the server's own tasks come beside the others, where one of the filters asks for them", async () => {
    server.put("own", { queue: "milepost" });
    server.put("a");
    const signal = AbortSignal.timeout(20_000);
    const all = milepost.follow({}, { signal });
    expect((await all.next()).value).toMatchObject({ type: "stream.snapshot", tasks: [{ id: "a" }] });
    const own = milepost.follow({ queue: "milepost" }, { signal });
    expect((await own.next()).value).toMatchObject({ type: "stream.snapshot", tasks: [{ id: "own" }] });
    const one = milepost.follow({ task: "own" }, { signal });
    expect((await one.next()).value).toMatchObject({ type: "stream.snapshot", tasks: [{ id: "own" }] });
    server.say("own", "to own");
    server.say("a", "to a");
    const toOwn = { type: "task.log", lines: [{ text: "to own" }] };
    expect((await own.next()).value).toMatchObject(toOwn);
    expect((await one.next()).value).toMatchObject(toOwn);
    expect((await all.next()).value).toMatchObject({ type: "task.log", lines: [{ text: "to a" }] });
    await Promise.all([all.return?.(), own.return?.(), one.return?.()]);
  });

  test("a stream is tried again, and goes on where the polls were", async () => {
    server.put("a");
    milepost = createMilepost({ baseUrl: server.server.url, longPoll: { after: 500, retryStream: 300, waitSeconds: 1 } });
    const signal = AbortSignal.timeout(20_000);
    const texts: string[] = [];
    const watching = (async () => {
      for await (const event of milepost.follow({ task: "a" }, { signal })) {
        if (event.type === "stream.snapshot") server.say("a", "polled");
        if (event.type !== "task.log") continue;
        texts.push(...event.lines.map((line) => line.text));
        if (texts.includes("streamed")) return;
      }
    })();
    await until(() => texts.length === 1);
    server.holdsBack = false;
    await until(() => server.watchers.size === 1);
    server.say("a", "streamed");
    await watching;
    expect(texts).toEqual(["polled", "streamed"]);
  });

  test("one task is polled for until it is done, and then over", async () => {
    server.put("a", { state: "running" });
    // This server has no stream for one task at all: nothing ever answers.
    const held: Answer = () => {};
    const front = await serve((_, request) =>
      request.path.endsWith("/events")
        ? held
        : async (response) => {
            const headers = request.headers["prefer"] === undefined ? {} : { prefer: String(request.headers["prefer"]) };
            const answer = await fetch(`${server.server.url}${request.path}?${request.query}`, { headers });
            response.writeHead(answer.status, { "content-type": "application/json" });
            response.end(await answer.text());
          },
    );
    milepost = createMilepost({ baseUrl: front.url, longPoll: { after: 500, waitSeconds: 1 } });
    const types: string[] = [];
    for await (const event of milepost.watchTask("a", { signal: AbortSignal.timeout(20_000) })) {
      types.push(event.type);
      if (event.type === "stream.snapshot") server.progress("a", 50);
      if (event.type === "task.progress") server.put("a", { state: "succeeded" });
    }
    expect(types).toEqual(["stream.snapshot", "task.progress", "task.succeeded", "stream.end"]);
    await expect(milepost.watchTask("nothing").next()).rejects.toMatchObject({ status: 404 });
  });

  test("nothing is polled for when that is not wanted", async () => {
    milepost = createMilepost({ baseUrl: server.server.url, longPoll: false });
    const watch = milepost.follow({}, { signal: AbortSignal.timeout(500) });
    expect(await watch.next()).toEqual({ done: true, value: undefined });
    expect(paths()).toEqual(["/api/v1/event-streams"]);
  });
});
