import { beforeEach, describe, expect, test } from "vitest";

import { emptyState, fold, foldTask, unwrap, type Milepost, type Task, type TaskEvent } from "../../src/index.js";
import { binary, eventually, leaseOne, RealServer, streamed } from "./real.js";

describe.skipIf(binary === undefined)("a watcher of the real server", () => {
  let server: RealServer;
  let milepost: Milepost;

  beforeEach(async () => {
    server = await RealServer.start();
    milepost = server.client();
    return server.remove;
  });

  test("sees every acknowledged report exactly once, in order, through two kills", async () => {
    const { id } = await milepost.submit("killed");
    const held = await leaseOne(milepost, "killed", 60);
    const lines: string[] = [];
    const cursors: string[] = [];
    const statuses: string[] = [];
    let folded: Task | undefined;
    const watching = (async () => {
      const watch = milepost.watchTask(id, { onState: (state) => statuses.push(state.status) });
      for await (const event of watch) {
        folded = foldTask(folded, event);
        if (event.type === "task.log") lines.push(...event.lines.map((line) => line.text));
        if (event.type.startsWith("task.")) cursors.push((event as TaskEvent).cursor);
      }
    })();
    const acknowledged: string[] = [];
    const say = async (text: string, sequence: number): Promise<void> => {
      // The same sequence again is the same report, so a lost answer does no harm.
      for (;;) {
        const body = { lease: held.lease, sequence, logs: [{ text }], progress: { percent: sequence } };
        const init = { params: { path: { id } }, body };
        const answer = await unwrap(milepost.api.POST("/api/v1/tasks/{id}/report", init)).catch((error: unknown) => {
          if (error instanceof Error && error.name === "MilepostNetworkError") return undefined;
          throw error;
        });
        if (answer !== undefined) break;
        await new Promise((resolve) => {
          setTimeout(resolve, 50);
        });
      }
      acknowledged.push(text);
    };
    for (let i = 1; i <= 60; i += 1) {
      if (i === 20 || i === 40) {
        await eventually(() => statuses.at(-1), (status) => status === "live");
        // In the middle of a report.
        const saying = say(`line ${i}`, i);
        await server.end("SIGKILL");
        await server.start();
        await saying;
      } else {
        await say(`line ${i}`, i);
      }
    }
    const init = { params: { path: { id } }, body: { lease: held.lease, output: "done" } };
    await unwrap(milepost.api.POST("/api/v1/tasks/{id}/complete", init));
    await watching;

    expect(lines).toEqual(acknowledged);
    expect(new Set(cursors).size).toBe(cursors.length);
    expect(folded).toEqual(streamed(await milepost.getTask(id)));
    expect(folded?.attempt).toBe(1);
    expect(statuses.filter((status) => status === "reconnecting").length).toBeGreaterThanOrEqual(2);
    expect(statuses[0]).toBe("connecting");
    expect(statuses.at(-1)).toBe("ended");
  });

  test("of many tasks goes on behind a kill and a polite end, and holds what getTask answers", async () => {
    const abort = new AbortController();
    let state = emptyState();
    const types: string[] = [];
    const watching = (async () => {
      for await (const event of milepost.watchEvents({ kind: "many" }, { signal: abort.signal })) {
        state = fold(state, event);
        types.push(event.type);
      }
    })();
    await eventually(() => state.complete, (complete) => complete);

    const ids: string[] = [];
    for (const signal of ["SIGKILL", "SIGTERM", undefined] as const) {
      for (let i = 0; i < 5; i += 1) ids.push((await milepost.submit("many", i)).id);
      const held = await leaseOne(milepost, "many");
      const init = { params: { path: held.path }, body: { lease: held.lease, output: 1 } };
      await unwrap(milepost.api.POST("/api/v1/tasks/{id}/complete", init));
      await milepost.submit("other");
      if (signal !== undefined) {
        await server.end(signal);
        await server.start();
      }
    }
    const tasks = await Promise.all(ids.map((id) => milepost.getTask(id)));
    const last = Math.max(...tasks.map((task) => Number(task.cursor.split(".")[1])));
    await eventually(
      () => Math.max(0, ...[...state.tasks.values()].map((task) => Number(task.cursor.split(".")[1]))),
      (reached) => reached >= last,
    );
    expect(new Set(state.tasks.keys())).toEqual(new Set(ids));
    for (const task of tasks) expect(state.tasks.get(task.id)).toEqual(streamed(task));
    // One snapshot at the start: the rest came behind cursors, without a reset.
    expect(types.filter((type) => type === "stream.snapshot")).toHaveLength(1);
    expect(types).not.toContain("stream.reset");
    expect(types).not.toContain("stream.restart");
    abort.abort();
    await watching;
  });

  test("hears what leaves its filter", async () => {
    const mine = await milepost.submit("moved", 1, { labels: { owner: "me" } });
    const abort = new AbortController();
    let state = emptyState();
    const watching = (async () => {
      for await (const event of milepost.watchEvents({ labels: { owner: "me" } }, { signal: abort.signal })) {
        state = fold(state, event);
      }
    })();
    await eventually(() => state.tasks.size, (size) => size === 1);
    await milepost.update(mine.id, { labels: { owner: "you" } });
    await eventually(() => state.tasks.size, (size) => size === 0);
    await milepost.update(mine.id, { labels: { owner: "me" } });
    await eventually(() => state.tasks.size, (size) => size === 1);
    await milepost.cancel(mine.id);
    await eventually(() => state.tasks.get(mine.id)?.state, (found) => found === "cancelled");
    await milepost.delete(mine.id);
    await eventually(() => state.tasks.size, (size) => size === 0);
    abort.abort();
    await expect(watching).resolves.toBeUndefined();
  });

  test("with a cursor of another log gets a reset and a snapshot, not an error", async () => {
    const { id } = await milepost.submit("reset");
    for (const after of ["00000000.1", "garbage", `${(await milepost.system()).epoch}.999999999`]) {
      const watch = milepost.watchTask(id, { after });
      const first = await watch.next();
      const second = await watch.next();
      expect([first.value?.type, second.value?.type]).toEqual(["stream.reset", "stream.snapshot"]);
      await watch.return?.();
    }
  });

  test("that goes away leaves nothing open at the server", async () => {
    const { id } = await milepost.submit("leaving");
    const watches = Array.from({ length: 20 }, () => milepost.watchTask(id));
    await Promise.all(watches.map((watch) => watch.next()));
    expect((await milepost.system()).open_streams).toBe(20);
    await Promise.all(watches.map((watch) => watch.return?.()));
    await eventually(async () => (await milepost.system()).open_streams, (open) => open === 0);
  });
});
