import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { emptyState, fold } from "../../src/fold/fold.js";
import { TaskStore } from "../../src/fold/store.js";
import type { LogLine, WatchedEvent } from "../../src/types.js";
import { cursorOf, logEvent, progressEvent, snapshot, taskEvent, taskOf } from "../support/events.js";

const line = (text: string): LogLine => ({ at: "2026-01-01T00:00:01.000Z", level: "info", text });
const texts = (lines: readonly LogLine[]): string[] => lines.map((one) => one.text);

describe("the store", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("holds what the pure fold gives", () => {
    const events: WatchedEvent[] = [
      snapshot([taskOf("a", 1), taskOf("b", 2)], { position: 2 }),
      progressEvent("a", 3, 10),
      logEvent("a", 4, "x"),
      taskEvent("task.queued", taskOf("c", 5)),
      { type: "stream.left", task_id: "b", cursor: cursorOf(6) },
      { type: "unknown", name: "?", cursor: undefined, data: 0 },
    ];
    const store = new TaskStore({ keepLogs: 10 });
    let state = emptyState({ keepLogs: 10 });
    for (const event of events) {
      const next = fold(state, event);
      expect(store.apply(event)).toBe(next !== state);
      state = next;
      expect(new Map(store.tasks.map((task) => [task.id, task]))).toEqual(state.tasks);
      expect(store.logs("a")).toEqual(state.logs.get("a") ?? []);
      expect(store.complete).toBe(state.complete);
    }
  });

  test("lists the newest first, in the same array until something changes", () => {
    const store = new TaskStore();
    const at = (second: number): string => `2026-01-01T00:00:0${second}.000Z`;
    store.apply(
      snapshot([
        taskOf("old", 1, { created_at: at(1) }),
        taskOf("new", 2, { created_at: at(3) }),
        taskOf("mid", 3, { created_at: at(2) }),
      ]),
    );
    const list = store.tasks;
    expect(list.map((task) => task.id)).toEqual(["new", "mid", "old"]);
    expect(store.tasks).toBe(list);
    store.apply(progressEvent("old", 4, 1));
    expect(store.tasks).not.toBe(list);
  });

  test("keeps the order whatever comes, goes, comes back and is read in between", () => {
    const at = (second: number): string => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();
    const store = new TaskStore();
    // A sequence without a pattern, the same each time.
    let seed = 7;
    const next = (below: number): number => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed % below;
    };
    const known = new Map<string, string>();
    for (let position = 1; position < 3_000; position += 1) {
      const id = `task-${next(40)}`;
      const created_at = known.get(id) ?? at(next(3) === 0 ? next(2_000) : position);
      const deletes = known.has(id) && next(4) === 0;
      if (known.has(id) && !deletes && next(2) === 0) store.apply(progressEvent(id, position, next(100)));
      else store.apply(taskEvent(deletes ? "task.deleted" : "task.queued", taskOf(id, position, { created_at })));
      if (deletes) known.delete(id);
      else known.set(id, created_at);
      if (next(3) > 0) continue;
      const order = [...known].sort(([a, x], [b, y]) => (x === y ? (a < b ? 1 : -1) : x < y ? 1 : -1));
      expect(store.tasks.map((task) => task.id)).toEqual(order.map(([id]) => id));
      expect(store.tasks.every((task) => store.get(task.id) === task)).toBe(true);
      expect(store.size).toBe(known.size);
    }
  });

  test("tells of the first change at once and of the next ones together", () => {
    const store = new TaskStore({ pace: 50 });
    store.apply(snapshot([taskOf("a", 1)]));
    const listener = vi.fn();
    const unsubscribe = store.subscribe(listener);
    for (let i = 2; i < 100; i += 1) store.apply(progressEvent("a", i, i));
    expect(listener).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(50);
    expect(listener).toHaveBeenCalledTimes(2);
    expect(store.get("a")?.progress?.percent).toBe(99);
    vi.advanceTimersByTime(500);
    expect(listener).toHaveBeenCalledTimes(2);
    store.apply(progressEvent("a", 100, 100));
    expect(listener).toHaveBeenCalledTimes(3);
    store.apply(progressEvent("a", 101, 100));
    unsubscribe();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(500);
    expect(listener).toHaveBeenCalledTimes(3);
  });

  test("takes a task that a call answered, unless it knows better", () => {
    const store = new TaskStore();
    store.put(taskOf("a", 5, { state: "running", input: 1 }));
    store.put(taskOf("a", 4));
    expect(store.get("a")?.state).toBe("running");
    store.put(taskOf("a", 6, { state: "succeeded" }));
    expect(store.get("a")).toEqual(taskOf("a", 6, { state: "succeeded", input: 1 }));
  });

  test("joins earlier lines with those that came meanwhile, none twice", () => {
    const store = new TaskStore({ keepLogs: 4 });
    store.apply(snapshot([taskOf("a", 1)]));
    store.apply(logEvent("a", 1, "ignored, as the snapshot has it"));
    store.apply({ ...logEvent("a", 2), lines: [line("c"), line("d")] } as WatchedEvent);
    store.putEarlierLogs("a", [line("a"), line("b"), line("c")]);
    expect(texts(store.logs("a"))).toEqual(["a", "b", "c", "d"]);
    store.apply({ ...logEvent("a", 3), lines: [line("e")] } as WatchedEvent);
    expect(texts(store.logs("a"))).toEqual(["b", "c", "d", "e"]);
  });

  test("joins lines that do not touch", () => {
    const store = new TaskStore({ keepLogs: 10 });
    store.apply(snapshot([taskOf("a", 1)]));
    store.putEarlierLogs("a", [line("a"), line("b")]);
    expect(texts(store.logs("a"))).toEqual(["a", "b"]);
    store.dropLogs("a");
    expect(store.logs("a")).toEqual([]);
  });
});
