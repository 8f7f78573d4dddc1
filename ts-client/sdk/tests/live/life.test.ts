import { isDeepStrictEqual } from "node:util";

import { beforeAll, describe, expect, test } from "vitest";

import { emptyState, fold, foldTask, unwrap, type Milepost, type Task, type WatchedEvent } from "../../src/index.js";
import { binary, eventually, leaseOne, RealServer, streamed } from "./real.js";

describe.skipIf(binary === undefined)("a task on the real server", () => {
  let milepost: Milepost;

  beforeAll(async () => {
    const server = await RealServer.start();
    milepost = server.client();
    return server.remove;
  });

  test("folds to what getTask answers, after every step of its life", async () => {
    const { id } = await milepost.submit("life", { file: "a.png" }, { labels: { customer: "42" }, max_attempts: 2 });
    let folded: Task | undefined;
    const types: string[] = [];
    const watching = (async () => {
      for await (const event of milepost.watchTask(id)) {
        folded = foldTask(folded, event);
        types.push(event.type);
      }
    })();
    const agrees = async (): Promise<void> => {
      await eventually(
        async () => isDeepStrictEqual(folded, streamed(await milepost.getTask(id))),
        (equal) => equal,
      );
    };

    await agrees();
    const first = await leaseOne(milepost, "life");
    expect(first.task.input).toEqual({ file: "a.png" });
    await agrees();
    const report = { params: { path: { id } } };
    for (const percent of [10, 20.5]) {
      const body = { lease: first.lease, progress: { percent, message: `at ${percent}` }, logs: [{ text: `line ${percent}` }] };
      await unwrap(milepost.api.POST("/api/v1/tasks/{id}/report", { ...report, body }));
      await agrees();
    }
    const error = { type: "disk-full", title: "The disk is full" };
    await unwrap(
      milepost.api.POST("/api/v1/tasks/{id}/fail", { ...report, body: { lease: first.lease, error, retry_after_seconds: 0 } }),
    );
    const second = await leaseOne(milepost, "life");
    await agrees();
    await unwrap(
      milepost.api.POST("/api/v1/tasks/{id}/complete", { ...report, body: { lease: second.lease, output: { pages: 3 } } }),
    );
    await watching;

    const whole = await milepost.wait(id);
    expect(folded).toEqual(streamed(whole));
    expect(whole).toMatchObject({ state: "succeeded", attempt: 2, output: { pages: 3 }, input: { file: "a.png" } });
    expect(types[0]).toBe("stream.snapshot");
    expect(types.at(-1)).toBe("stream.end");
    for (const type of ["task.started", "task.progress", "task.log", "task.retrying", "task.succeeded"]) {
      expect(types).toContain(type);
    }
    expect(types).not.toContain("unknown");
    expect((await milepost.logs(id)).map((line) => line.text)).toEqual(["line 10", "line 20.5"]);
  });

  test("folds the same from its history as from its stream, and as from the JSON of both", async () => {
    const { id } = await milepost.submit("history", null);
    const held = await leaseOne(milepost, "history");
    const params = { path: { id } };
    await unwrap(
      milepost.api.POST("/api/v1/tasks/{id}/report", { params, body: { lease: held.lease, progress: { current: 1, total: 3, unit: "files" } } }),
    );
    await unwrap(milepost.api.POST("/api/v1/tasks/{id}/complete", { params, body: { lease: held.lease } }));

    const stream: WatchedEvent[] = [];
    for await (const event of milepost.watchTask(id, { from: "start" })) stream.push(event);
    const { items, cursor } = await milepost.history(id);
    expect(stream.filter((event) => event.type !== "stream.end")).toEqual(items);
    expect(items.at(-1)).toHaveProperty("cursor", cursor);
    const state = stream.reduce(fold, emptyState());
    expect(state.tasks.get(id)).toEqual(streamed(await milepost.getTask(id)));
  });

  test("that is done is a snapshot and an end; behind its last event there is nothing", async () => {
    const { id } = await milepost.submit("done");
    await milepost.cancel(id);
    const first = milepost.watchTask(id);
    const types: string[] = [];
    for await (const event of first) types.push(event.type);
    expect(types).toEqual(["stream.snapshot", "stream.end"]);
    const again: string[] = [];
    for await (const event of milepost.watchTask(id, { after: first.cursor })) again.push(event.type);
    expect(again).toEqual([]);
  });

  test("keeps any string as it is, through report, stream and logs", async () => {
    const texts = [
      "\r",
      "a\rdata: evil\r\rid: 1.1\r",
      "two\nlines\r\nid: 0",
      "\uFEFFdata: x",
      "nul \u0000 and \u2028 \u2029 \u0085",
      "Привет, 世界 👋",
      "::progress 5",
      "{\"type\":\"stream.end\"}",
    ];
    const { id } = await milepost.submit("strings", texts);
    const held = await leaseOne(milepost, "strings");
    expect(held.task.input).toEqual(texts);
    const params = { path: { id } };
    for (const text of texts) {
      const body = { lease: held.lease, logs: [{ text }], progress: { message: text } };
      await unwrap(milepost.api.POST("/api/v1/tasks/{id}/report", { params, body }));
    }
    await unwrap(milepost.api.POST("/api/v1/tasks/{id}/complete", { params, body: { lease: held.lease, output: texts } }));

    let state = emptyState({ keepLogs: 100 });
    for await (const event of milepost.watchTask(id, { from: "start" })) {
      expect(event.type).not.toBe("unknown");
      state = fold(state, event);
    }
    expect(state.logs.get(id)?.map((line) => line.text)).toEqual(texts);
    expect(state.tasks.get(id)).toEqual(streamed(await milepost.getTask(id)));
    expect(state.tasks.get(id)).toMatchObject({ output: texts, progress: { message: texts.at(-1) } });
  });

  test("can be cancelled, retried and deleted", async () => {
    const waiting = await milepost.submit("cancel");
    expect((await milepost.cancel(waiting.id)).state).toBe("cancelled");
    expect((await milepost.cancel(waiting.id)).state).toBe("cancelled");
    expect((await milepost.retry(waiting.id)).state).toBe("queued");
    await expect(milepost.delete(waiting.id)).rejects.toMatchObject({ status: 409, slug: "task-not-done" });

    const held = await leaseOne(milepost, "cancel");
    const params = { path: { id: waiting.id } };
    await milepost.cancel(waiting.id);
    const answer = await unwrap(milepost.api.POST("/api/v1/tasks/{id}/report", { params, body: { lease: held.lease } }));
    expect(answer.cancel_requested).toBe(true);
    const error = { type: "stopped" };
    await unwrap(milepost.api.POST("/api/v1/tasks/{id}/fail", { params, body: { lease: held.lease, error } }));
    expect(await milepost.wait(waiting.id)).toMatchObject({ state: "cancelled", done: true });

    await milepost.delete(waiting.id);
    await expect(milepost.getTask(waiting.id)).rejects.toMatchObject({ status: 404 });
    await expect(milepost.watchTask(waiting.id).next()).rejects.toMatchObject({ status: 404 });
  });

  test("submitted twice under one key is one task, under one id as well", async () => {
    const options = { idempotencyKey: crypto.randomUUID() };
    const one = await milepost.submit("twice", 1, options);
    expect((await milepost.submit("twice", 1, options)).id).toBe(one.id);
    await expect(milepost.submit("twice", 2, options)).rejects.toMatchObject({ status: 422 });
    expect((await milepost.submit("twice", 1, { id: "order-7" })).id).toBe("order-7");
    expect((await milepost.submit("twice", 1, { id: "order-7" })).id).toBe("order-7");
    await expect(milepost.submit("twice", 2, { id: "order-7" })).rejects.toMatchObject({ status: 409 });
  });

  test("that is refused comes back as a problem that names the field", async () => {
    const refused = milepost.submit("bad", 1, { priority: 1000 });
    await expect(refused).rejects.toMatchObject({ name: "MilepostProblem", status: 400 });
    const problem = await refused.catch((error: unknown) => error);
    expect(problem).toHaveProperty("errors.0.field", "priority");
  });

  test("is found in lists, page after page, and changed", async () => {
    const made: string[] = [];
    for (let i = 0; i < 5; i += 1) made.push((await milepost.submit("listed", i, { labels: { batch: "7" } })).id);
    const seen: string[] = [];
    for await (const task of milepost.tasks({ kind: "listed", labels: { batch: "7" }, state: ["queued"], limit: 2 })) {
      seen.push(task.id);
    }
    expect(seen).toEqual([...made].reverse());
    const changed = await milepost.update(made[0] ?? "", { priority: 9, labels: { batch: "8" } });
    expect(changed).toMatchObject({ priority: 9, labels: { batch: "8" } });
    expect((await milepost.listTasks({ labels: { batch: "8" } })).items.map((task) => task.id)).toEqual([made[0]]);
    await expect(milepost.update(made[0] ?? "", { priority: 1 }, { ifMatch: '"1"' })).rejects.toMatchObject({ status: 412 });
  });
});
