import { describe, expect, test } from "vitest";

import { compareCursors } from "../../src/fold/cursor.js";
import { emptyState, fold, foldTask, type TasksState } from "../../src/fold/fold.js";
import type { Task, WatchedEvent } from "../../src/types.js";
import { cursorOf, logEvent, progressEvent, snapshot, taskEvent, taskOf } from "../support/events.js";

const foldAll = (events: WatchedEvent[], state: TasksState = emptyState()): TasksState =>
  events.reduce(fold, state);
const ids = (state: TasksState): string[] => [...state.tasks.keys()].sort();
/** A state as it can be compared and kept: nothing of it may change later. */
const frozen = (state: TasksState): string =>
  JSON.stringify([[...state.tasks], [...state.logs], state.complete, [...(state.partial ?? [])]]);

describe("the order of cursors", () => {
  test("is that of positions, beyond what a number holds", () => {
    expect(compareCursors("aa.9", "aa.10")).toBeLessThan(0);
    expect(compareCursors("aa.10", "aa.9")).toBeGreaterThan(0);
    expect(compareCursors("aa.10", "aa.10")).toBe(0);
    expect(compareCursors("aa.9007199254740993", "aa.9007199254740992")).toBeGreaterThan(0);
  });

  test("does not exist between epochs", () => {
    expect(compareCursors("aa.9", "bb.10")).toBeUndefined();
  });
});

describe("folding one task", () => {
  const life: WatchedEvent[] = [
    snapshot([taskOf("a", 1)], { position: 1 }),
    taskEvent("task.started", taskOf("a", 2, { state: "running", attempt: 1, worker: "w" })),
    progressEvent("a", 3, 40),
    logEvent("a", 4, "hello"),
    taskEvent("task.succeeded", taskOf("a", 5, { state: "succeeded", output: 7, attempt: 1 })),
    { type: "stream.end" },
  ];

  test("ends in what the last event says", () => {
    let task: Task | undefined;
    for (const event of life) task = foldTask(task, event);
    expect(task).toEqual(taskOf("a", 5, { state: "succeeded", output: 7, attempt: 1 }));
  });

  test("progress sets progress, time and cursor, a log line only the latter two", () => {
    const running = taskOf("a", 2, { state: "running" });
    const event = progressEvent("a", 3, 40);
    const after = foldTask(running, event);
    expect(after).toMatchObject({ progress: { percent: 40 }, updated_at: event.at, cursor: cursorOf(3) });
    expect(running.progress).toBeUndefined();
    const log = logEvent("a", 4, "x");
    expect(foldTask(after, log)).toEqual({ ...after, updated_at: log.at, cursor: cursorOf(4) });
  });

  test("every event twice, or again from anywhere, changes nothing", () => {
    let task: Task | undefined;
    const [first, ...deltas] = life;
    if (first !== undefined) task = foldTask(task, first);
    for (const event of deltas) {
      task = foldTask(task, event);
      expect(foldTask(task, event)).toBe(task);
    }
    for (const event of deltas) expect(foldTask(task, event)).toBe(task);
  });

  test("keeps the input that was fetched, as streams carry none", () => {
    const known = taskOf("a", 1, { input: { file: "x" } });
    const started = taskEvent("task.started", taskOf("a", 2, { state: "running" }));
    expect(foldTask(known, started)).toEqual({ ...taskOf("a", 2, { state: "running" }), input: { file: "x" } });
    expect(foldTask(known, snapshot([taskOf("a", 5)]))?.input).toEqual({ file: "x" });
  });

  test("lets the input go that the server keeps no longer", () => {
    const known = taskOf("a", 1, { input: { file: "x" }, output: 1 });
    const dropped = taskOf("a", 2, { state: "succeeded", bodies_dropped: true });
    expect(foldTask(known, taskEvent("task.updated", dropped))).toEqual(dropped);
    expect(foldTask(known, snapshot([dropped]))).toEqual(dropped);
  });

  test("a deleted task is gone", () => {
    const task = taskOf("a", 5, { state: "failed" });
    expect(foldTask(task, taskEvent("task.deleted", taskOf("a", 6)))).toBeUndefined();
    expect(foldTask(task, taskEvent("task.deleted", taskOf("a", 5)))).toBe(task);
  });

  test("events of other tasks, unknown ones and frames about the stream change nothing", () => {
    const task = taskOf("a", 5);
    const others: WatchedEvent[] = [
      progressEvent("b", 6, 1),
      taskEvent("task.deleted", taskOf("b", 7)),
      { type: "unknown", name: "task.teleported", cursor: cursorOf(8), data: {} },
      { type: "stream.reset", reason: "trimmed" },
      { type: "stream.restart" },
      { type: "stream.draining" },
      { type: "stream.end" },
    ];
    for (const event of others) expect(foldTask(task, event)).toBe(task);
  });
});

describe("folding many tasks", () => {
  test("what a wider stream shows as fresh is added, and replaces nothing newer", () => {
    const before = foldAll([snapshot([taskOf("a", 1), taskOf("b", 5)], { position: 5 })]);
    const fresh: WatchedEvent = { type: "stream.snapshot", tasks: [taskOf("b", 4), taskOf("c", 3)], more: true, fresh: true };
    const after = foldAll([fresh], before);
    expect(ids(after)).toEqual(["a", "b", "c"]);
    expect(after.tasks.get("b")?.cursor).toBe(cursorOf(5));
    expect(after.complete).toBe(true);
  });

  test("takes a snapshot of several pages, whole only with the last", () => {
    const first = fold(emptyState(), snapshot([taskOf("a", 1)], { more: true }));
    expect(first.complete).toBe(false);
    const second = fold(first, snapshot([taskOf("b", 2)], { more: true }));
    const third = fold(second, snapshot([], { position: 2 }));
    expect(ids(third)).toEqual(["a", "b"]);
    expect(third.complete).toBe(true);
  });

  test("ignores what a page read later than the position already has", () => {
    const state = foldAll([
      snapshot([taskOf("a", 9, { state: "running" })], { position: 5 }),
      taskEvent("task.queued", taskOf("a", 7)),
      progressEvent("a", 9, 1),
    ]);
    expect(state.tasks.get("a")).toEqual(taskOf("a", 9, { state: "running" }));
  });

  test("new tasks come in, and those that leave the filter or are deleted go", () => {
    const state = foldAll([
      snapshot([taskOf("a", 1), taskOf("b", 2), taskOf("c", 3)], { position: 3 }),
      taskEvent("task.queued", taskOf("d", 4)),
      { type: "stream.left", task_id: "a", cursor: cursorOf(5) },
      taskEvent("task.deleted", taskOf("b", 6)),
      { type: "stream.left", task_id: "c", cursor: cursorOf(3) },
    ]);
    expect(ids(state)).toEqual(["c", "d"]);
  });

  test("progress and log lines of a task that is not here make none", () => {
    const state = emptyState({ keepLogs: 5 });
    expect(fold(state, progressEvent("a", 1, 5))).toBe(state);
    expect(fold(state, logEvent("a", 2, "x"))).toBe(state);
  });

  test("a reset keeps everything in sight until the new snapshot is whole, then only that", () => {
    const before = foldAll([snapshot([taskOf("a", 90), taskOf("b", 91)], { position: 91 })]);
    const reset = fold(before, { type: "stream.reset", reason: "epoch" });
    expect(ids(reset)).toEqual(["a", "b"]);
    expect(reset.complete).toBe(false);
    const other = taskOf("b", 0, { cursor: cursorOf(2, "ffffffff") });
    const page = fold(reset, snapshot([other], { more: true }));
    expect(ids(page)).toEqual(["a", "b"]);
    const whole = fold(page, snapshot([taskOf("c", 3)], { position: 3 }));
    expect(ids(whole)).toEqual(["b", "c"]);
    expect(whole.tasks.get("b")).toEqual(other);
  });

  test("a snapshot that was cut off and begun anew counts from its own first page", () => {
    const state = foldAll([
      snapshot([taskOf("a", 1), taskOf("b", 2)], { more: true }),
      { type: "stream.restart" },
      snapshot([taskOf("a", 1)], { more: true }),
      snapshot([taskOf("c", 3)], { position: 3 }),
    ]);
    expect(ids(state)).toEqual(["a", "c"]);
  });

  test("keeps the last lines of each task, and none unless asked", () => {
    const events = [
      snapshot([taskOf("a", 1), taskOf("b", 2)], { position: 2 }),
      logEvent("a", 3, "1", "2"),
      logEvent("b", 4, "x"),
      logEvent("a", 5, "3", "4"),
      logEvent("a", 5, "3", "4"),
    ];
    const state = foldAll(events, emptyState({ keepLogs: 3 }));
    expect(state.logs.get("a")?.map((line) => line.text)).toEqual(["2", "3", "4"]);
    expect(state.logs.get("b")?.map((line) => line.text)).toEqual(["x"]);
    expect(foldAll(events).logs.size).toBe(0);
    const gone = fold(state, taskEvent("task.deleted", taskOf("a", 6)));
    expect(gone.logs.has("a")).toBe(false);
  });

  test("never changes a state it was given", () => {
    const events: WatchedEvent[] = [
      snapshot([taskOf("a", 1)], { more: true }),
      snapshot([taskOf("b", 2)], { position: 2 }),
      logEvent("a", 3, "1"),
      progressEvent("b", 4, 5),
      { type: "stream.left", task_id: "a", cursor: cursorOf(5) },
      { type: "stream.reset", reason: "trimmed" },
      snapshot([], { position: 9 }),
    ];
    const states = [emptyState({ keepLogs: 5 })];
    const images = states.map(frozen);
    for (const event of events) {
      const next = fold(states.at(-1) ?? emptyState(), event);
      states.push(next);
      images.push(frozen(next));
    }
    expect(states.map(frozen)).toEqual(images);
    expect(new Set(images).size).toBe(images.length);
  });
});
