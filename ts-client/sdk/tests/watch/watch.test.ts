import { describe, expect, test } from "vitest";

import {
  createMilepost,
  MilepostProblem,
  MilepostProtocolError,
  type StreamState,
  type WatchedEvent,
} from "../../src/index.js";
import { frame, progressEvent, snapshot, taskEvent, taskOf } from "../support/events.js";
import { problem, serve, status, stream, until, type Answer } from "../support/server.js";

const first = frame(snapshot([taskOf("a", 1)], { position: 1 }));
const END = frame({ type: "stream.end" });
const step = (position: number): string => frame(progressEvent("a", position, position));

/** Answers the n-th connection with the n-th of these. */
const inTurn = (...answers: Answer[]) => serve((index) => answers[index] ?? problem(410, "too-often"));

async function collect(events: AsyncIterable<WatchedEvent>): Promise<string[]> {
  const seen: string[] = [];
  for await (const event of events) {
    seen.push("cursor" in event && event.cursor !== undefined ? `${event.type} ${event.cursor.split(".")[1]}` : event.type);
  }
  return seen;
}

describe("watching goes on", () => {
  test("after the connection is killed, behind the last event", async () => {
    const server = await inTurn(
      stream([first, step(2)], "kill"),
      stream([step(3), END], "close"),
    );
    const states: StreamState[] = [];
    const watch = createMilepost({ baseUrl: server.url }).watchTask("a", { onState: (state) => states.push(state) });
    expect(await collect(watch)).toEqual([
      "stream.snapshot 1",
      "task.progress 2",
      "task.progress 3",
      "stream.end",
    ]);
    expect(server.received.map((one) => one.headers["last-event-id"])).toEqual([undefined, "0000e90c.2"]);
    expect(states.map((state) => state.status)).toEqual(["connecting", "live", "reconnecting", "live", "ended"]);
    expect(states[2]).toMatchObject({ failures: 1, error: expect.any(Error) });
  });

  test("after a clean close, which is no end", async () => {
    const server = await inTurn(
      stream([first, step(2)], "close"),
      stream([step(3)], "close"),
      stream([step(4), END], "close"),
    );
    const failures: number[] = [];
    const watch = createMilepost({ baseUrl: server.url }).watchTask("a", {
      onState: (state) => {
        if (state.status === "reconnecting") failures.push(state.failures);
      },
    });
    expect(await collect(watch)).toHaveLength(5);
    // Each connection that brought something begins the count anew.
    expect(failures).toEqual([1, 1]);
    expect(server.received[2]?.headers["last-event-id"]).toBe("0000e90c.3");
    expect(watch.cursor).toBe("0000e90c.4");
  });

  test("at once and without a word when a connection that lived is closed cleanly, behind its last position", async () => {
    const server = await inTurn(
      (response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        // A server that asks to wait a minute after a failure: a planned close is none.
        response.write(`retry: 60000\n\n${first}`);
        setTimeout(() => response.end("id: 0000e90c.8\n\n"), 1_100);
      },
      stream([step(9), END], "close"),
    );
    const states: string[] = [];
    const watch = createMilepost({ baseUrl: server.url }).watchTask("a", { onState: ({ status }) => states.push(status) });
    expect(await collect(watch)).toEqual(["stream.snapshot 1", "task.progress 9", "stream.end"]);
    expect(states).not.toContain("reconnecting");
    expect(server.received[1]?.headers["last-event-id"]).toBe("0000e90c.8");
  });

  test("after the server says that it is going", async () => {
    const server = await inTurn(
      stream([first, frame({ type: "stream.draining" }), "retry: 7\n\n"], "close"),
      stream([step(2), END], "close"),
    );
    const seen = await collect(createMilepost({ baseUrl: server.url }).watchTask("a"));
    expect(seen).toEqual(["stream.snapshot 1", "stream.draining", "task.progress 2", "stream.end"]);
  });

  test("from the position that a quiet stream moved", async () => {
    const server = await inTurn(
      stream([first, "id: 0000e90c.77\n\n"], "kill"),
      stream([END], "close"),
    );
    await collect(createMilepost({ baseUrl: server.url }).watchTask("a"));
    expect(server.received[1]?.headers["last-event-id"]).toBe("0000e90c.77");
  });

  test("an event whose end never came is read again, whole", async () => {
    const server = await inTurn(
      stream([first, step(2).slice(0, -1)], "kill"),
      stream([step(2), END], "close"),
    );
    const seen = await collect(createMilepost({ baseUrl: server.url }).watchTask("a"));
    expect(seen).toEqual(["stream.snapshot 1", "task.progress 2", "stream.end"]);
    expect(server.received[1]?.headers["last-event-id"]).toBe("0000e90c.1");
  });

  test("when the server is overloaded, not there yet, or behind a proxy that is not well", async () => {
    const server = await inTurn(
      stream([first], "close"),
      problem(503, "overloaded"),
      status(502, "<h1>Bad Gateway</h1>"),
      problem(429, "too-many-streams"),
      (response) => response.destroy(),
      stream([step(2), END], "close"),
    );
    const failures: number[] = [];
    const watch = createMilepost({ baseUrl: server.url }).watchTask("a", {
      onState: (state) => {
        if (state.status === "reconnecting") failures.push(state.failures);
      },
    });
    expect(await collect(watch)).toEqual(["stream.snapshot 1", "task.progress 2", "stream.end"]);
    expect(failures).toEqual([1, 2, 3, 4, 5]);
  });

  test("when nothing is heard for too long, while a comment or an id counts as heard", async () => {
    const server = await inTurn(
      async (response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(`retry: 5\n\n${first}`);
        for (let i = 0; i < 8; i += 1) {
          await new Promise((resolve) => {
            setTimeout(resolve, 50);
          });
          response.write(i % 2 === 0 ? ": alive\n\n" : `id: 0000e90c.${10 + i}\n\n`);
        }
      },
      stream([END], "close"),
    );
    const started = performance.now();
    const seen = await collect(createMilepost({ baseUrl: server.url }).watchTask("a", { idleTimeout: 300 }));
    expect(seen).toEqual(["stream.snapshot 1", "stream.end"]);
    expect(server.received[1]?.headers["last-event-id"]).toBe("0000e90c.17");
    // 8 × 50 ms of sound, then 300 ms of silence: it did not give up while it heard something.
    expect(performance.now() - started).toBeGreaterThan(600);
  });

  test("from the snapshot again, and says so, when it was cut before there was a position", async () => {
    const page = frame(snapshot([taskOf("a", 1)], { more: true }));
    const server = await inTurn(stream([page], "kill"), stream([first, END], "close"));
    const seen = await collect(createMilepost({ baseUrl: server.url }).watchEvents());
    expect(seen).toEqual(["stream.snapshot", "stream.restart", "stream.snapshot 1", "stream.end"]);
  });

  test("without the position that the server refused", async () => {
    const reset = frame({ type: "stream.reset", reason: "epoch" } as WatchedEvent);
    const server = await inTurn(stream([reset], "kill"), stream([first, END], "close"));
    const watch = createMilepost({ baseUrl: server.url }).watchTask("a", { after: "ffffffff.9" });
    expect(await collect(watch)).toEqual(["stream.reset", "stream.restart", "stream.snapshot 1", "stream.end"]);
    expect(server.received.map((one) => one.headers["last-event-id"])).toEqual(["ffffffff.9", undefined]);
  });
});

describe("watching ends", () => {
  test("with stream.end, although the server leaves the connection open", async () => {
    const server = await inTurn(stream([first, END], "stay"));
    await collect(createMilepost({ baseUrl: server.url }).watchTask("a"));
    await until(() => server.open() === 0);
    expect(server.received).toHaveLength(1);
  });

  test("with 204", async () => {
    const server = await inTurn(stream([first], "kill"), status(204));
    const states: string[] = [];
    const watch = createMilepost({ baseUrl: server.url }).watchTask("a", { onState: (state) => states.push(state.status) });
    expect(await collect(watch)).toEqual(["stream.snapshot 1"]);
    expect(states.at(-1)).toBe("ended");
  });

  test.each([400, 401, 403, 404, 410])("with the problem of a %i", async (code) => {
    const server = await inTurn(stream([first], "kill"), problem(code, "refused"));
    const seen: string[] = [];
    const watching = (async () => {
      for await (const event of createMilepost({ baseUrl: server.url }).watchTask("a")) seen.push(event.type);
    })();
    await expect(watching).rejects.toBeInstanceOf(MilepostProblem);
    await expect(watching).rejects.toMatchObject({ status: code, slug: "refused", detail: "about refused" });
    expect(seen).toEqual(["stream.snapshot"]);
    expect(server.received).toHaveLength(2);
  });

  test("with an abort, at once and without an error, and the connection with it", async () => {
    const server = await inTurn(stream([first], "stay"));
    const abort = new AbortController();
    const seen = collect(createMilepost({ baseUrl: server.url }).watchTask("a", { signal: abort.signal }));
    await until(() => server.open() === 1);
    abort.abort();
    expect((await seen).length).toBeLessThanOrEqual(1);
    await until(() => server.open() === 0);
  });

  test("with an abort before it began, without a request", async () => {
    const server = await inTurn();
    const watch = createMilepost({ baseUrl: server.url }).watchTask("a", { signal: AbortSignal.abort() });
    expect(await collect(watch)).toEqual([]);
    expect(server.received).toHaveLength(0);
  });

  test("with an abort while it waits for its next try", async () => {
    const server = await inTurn(problem(503, "overloaded", { "retry-after": "600" }));
    const abort = new AbortController();
    let delay = 0;
    const watch = createMilepost({ baseUrl: server.url }).watchTask("a", {
      signal: abort.signal,
      onState: (state) => {
        if (state.status !== "reconnecting") return;
        ({ delay } = state);
        abort.abort();
      },
    });
    expect(await collect(watch)).toEqual([]);
    // As long as the server asked for.
    expect(delay).toBe(600_000);
  });

  test("with a break, and the connection with it", async () => {
    const server = await inTurn(stream([first, step(2)], "stay"));
    for await (const event of createMilepost({ baseUrl: server.url }).watchTask("a")) {
      expect(event.type).toBe("stream.snapshot");
      break;
    }
    await until(() => server.open() === 0);
  });

  test("with return(), even while it waits for bytes", async () => {
    const server = await inTurn(stream([first], "stay"));
    const watch = createMilepost({ baseUrl: server.url }).watchTask("a");
    await watch.next();
    const waiting = watch.next();
    await watch.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await until(() => server.open() === 0);
  });

  test("with an error when something else than Milepost answers", async () => {
    const server = await inTurn(status(200, "<html>a dashboard</html>"));
    const watching = collect(createMilepost({ baseUrl: server.url }).watchTask("a"));
    await expect(watching).rejects.toBeInstanceOf(MilepostProtocolError);
  });

  test("with an error when an event is longer than it may be", async () => {
    const server = await inTurn(stream([first, `data: ${"x".repeat(5000)}`], "stay"));
    const watching = collect(createMilepost({ baseUrl: server.url }).watchTask("a", { maxEventLength: 4000 }));
    await expect(watching).rejects.toBeInstanceOf(MilepostProtocolError);
    await until(() => server.open() === 0);
  });
});

describe("watching", () => {
  test("gives garbage and later versions' events out as unknown, and goes on", async () => {
    const later = `id: 0000e90c.2\nevent: task.teleported\ndata: {"type":"task.teleported"}\n\n`;
    const garbage = `\u0001\u0002:::\nnonsense\ndata: {"type":"task.progress","cursor":3}\n\ndata: }{\n\n`;
    const server = await inTurn(stream([first, later, garbage, step(4), END], "close"));
    expect(await collect(createMilepost({ baseUrl: server.url }).watchTask("a"))).toEqual([
      "stream.snapshot 1",
      "unknown 2",
      "unknown",
      "unknown",
      "task.progress 4",
      "stream.end",
    ]);
  });

  test("drops a position that no header could carry", async () => {
    const server = await inTurn(
      stream([first, `id: Привет\n\n`], "kill"),
      stream([first, END], "close"),
    );
    await collect(createMilepost({ baseUrl: server.url }).watchTask("a"));
    expect(server.received[1]?.headers["last-event-id"]).toBeUndefined();
  });

  test("asks for what it was told to: the task, the filter, the start, the caller's headers", async () => {
    const server = await serve(() => stream([END], "close"));
    const milepost = createMilepost({ baseUrl: `${server.url}/`, headers: () => ({ authorization: "Bearer x" }) });
    await collect(milepost.watchTask("a b/c", { from: "start" }));
    await collect(
      milepost.watchEvents({
        task: ["b", "a"],
        queue: "q",
        kind: "k",
        state: ["running", "queued"],
        labels: { customer: "4&2", b: "=" },
      }),
    );
    const [task, many] = server.received;
    expect(task?.path).toBe("/api/v1/tasks/a%20b%2Fc/events");
    expect(task?.query.get("from")).toBe("start");
    expect(task?.headers).toMatchObject({ accept: "text/event-stream", authorization: "Bearer x" });
    expect(many?.path).toBe("/api/v1/events");
    expect([...(many?.query ?? [])]).toEqual([
      ["task", "a"],
      ["task", "b"],
      ["queue", "q"],
      ["kind", "k"],
      ["state", "queued"],
      ["state", "running"],
      ["label", "b=="],
      ["label", "customer=4&2"],
    ]);
  });

  test("does not read on while its reader is busy, and loses nothing for it", async () => {
    const frames = Array.from({ length: 200 }, (_, index) => step(index + 2));
    const last = frame(taskEvent("task.succeeded", taskOf("a", 999, { state: "succeeded" })));
    const server = await inTurn(stream([first, ...frames, last, END], "close"));
    let count = 0;
    for await (const event of createMilepost({ baseUrl: server.url }).watchTask("a", { idleTimeout: 100 })) {
      count += 1;
      if (count === 50) {
        await new Promise((resolve) => {
          setTimeout(resolve, 300);
        });
      }
      expect(event.type).not.toBe("unknown");
    }
    expect(count).toBe(203);
    expect(server.received).toHaveLength(1);
  });
});
