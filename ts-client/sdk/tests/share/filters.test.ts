import { describe, expect, test } from "vitest";

import { coveredBy, covers, fits, joined, matches, withinLimits } from "../../src/share/filters.js";
import { Selection } from "../../src/share/selection.js";
import type { TaskFilter } from "../../src/types.js";
import { logEvent, progressEvent, taskEvent, taskOf } from "../support/events.js";

const task = taskOf("a", 1, { queue: "q", kind: "k", state: "running", labels: { x: "1", y: "2" } });

describe("a filter", () => {
  test.each([
    [{}, true],
    [{ task: ["b", "a"] }, true],
    [{ task: "b" }, false],
    [{ queue: "q", kind: "k", state: ["queued", "running"], labels: { x: "1" } }, true],
    [{ queue: "other" }, false],
    [{ kind: "other" }, false],
    [{ state: "queued" }, false],
    [{ labels: { x: "1", y: "3" } }, false],
  ] satisfies [TaskFilter, boolean][])("%j lets the task through: %s", (filter, expected) => {
    expect(matches(filter, task)).toBe(expected);
  });

  test("shows the server's own tasks only to who names their queue, or them", () => {
    const own = taskOf("own", 1, { queue: "milepost" });
    expect([{}, { kind: "test" }, { queue: "milepost" }, { task: "own" }].map((filter) => matches(filter, own))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(covers({}, { queue: "milepost" })).toBe(false);
    expect(covers({ queue: "milepost" }, { queue: "milepost", state: "running" })).toBe(true);
  });

  test.each([
    [{}, { task: "a" }, false],
    [{}, { task: "a", queue: "q" }, true],
    [{ task: "a" }, {}, false],
    [{ task: ["a", "b"] }, { task: "b" }, true],
    [{ state: ["queued", "running"] }, { state: "running", queue: "q" }, true],
    [{ state: "running" }, { queue: "q" }, false],
    [{ labels: { x: "1" } }, { labels: { x: "1", y: "2" } }, true],
    [{ labels: { x: "1", y: "2" } }, { labels: { x: "1" } }, false],
    [{ queue: "q" }, { task: "a" }, false],
  ] satisfies [TaskFilter, TaskFilter, boolean][])("%j covers %j: %s", (wide, narrow, expected) => {
    expect(covers(wide, narrow)).toBe(expected);
  });
});

describe("filters together", () => {
  test("are as few as let through the same: single tasks are one", () => {
    expect(joined([{ task: "a" }, { queue: "q", state: "running" }, { task: ["b", "a"] }, { queue: "q" }])).toEqual([
      { queue: "q" },
      { task: ["a", "b"] },
    ]);
    expect(joined([{ task: "a", queue: "q" }, { queue: "q" }, {}])).toEqual([{}]);
    expect(joined([{ task: "a" }, { queue: "q" }, {}])).toEqual([{}, { task: ["a"] }]);
    expect(joined([{ task: "a" }, { queue: "milepost" }, {}])).toEqual([{ queue: "milepost" }, {}]);
  });

  test("cover a task by its id where its queue is known, or both that it may be in", () => {
    const queueOf = (id: string): string | undefined => ({ a: "q", own: "milepost" })[id];
    expect(coveredBy([{}], { task: "a" })).toBe(false);
    expect(coveredBy([{}], { task: "a" }, queueOf)).toBe(true);
    expect(coveredBy([{}], { task: ["a", "b"] }, queueOf)).toBe(false);
    expect(coveredBy([{}], { task: "own" }, queueOf)).toBe(false);
    expect(coveredBy([{}, { queue: "milepost" }], { task: ["a", "b", "own"] })).toBe(true);
    expect(coveredBy([{ queue: "q" }, { queue: "milepost" }], { task: "b" })).toBe(false);
  });

  test("beyond what the server takes are about every task", () => {
    const queues = Array.from({ length: 65 }, (_, index): TaskFilter => ({ queue: `q${index}` }));
    expect(fits(queues)).toBe(false);
    expect(withinLimits(queues)).toEqual([{}]);
    expect(withinLimits([...queues, { queue: "milepost" }])).toEqual([{}, { queue: "milepost" }]);
    const many = { task: Array.from({ length: 501 }, (_, index) => String(index)) };
    expect(fits([many])).toBe(false);
    expect(withinLimits([many])).toEqual([{}, { queue: "milepost" }]);
    expect(withinLimits(queues.slice(1))).toHaveLength(64);
  });
});

describe("what a filter selects of a wider stream", () => {
  test("is the progress and the log of what matches, from its coming to its leaving", () => {
    const selection = new Selection({ state: "running" });
    expect(selection.begin([task, taskOf("b", 1)])).toEqual([task]);
    const types = [
      logEvent("a", 2, "mine"),
      logEvent("b", 3, "not mine"),
      taskEvent("task.started", taskOf("b", 4, { state: "running" })),
      progressEvent("b", 5, 10),
      taskEvent("task.succeeded", taskOf("a", 6, { state: "succeeded" })),
      logEvent("a", 7, "too late"),
      taskEvent("task.succeeded", taskOf("c", 8, { state: "succeeded" })),
    ].map((event) => selection.select(event)?.type);
    expect(types).toEqual(["task.log", undefined, "task.started", "task.progress", "stream.left", undefined, undefined]);
  });
});
