import { describe, expect, test } from "vitest";

import { pageOfAny, pollsFor } from "../../src/share/polls.js";
import type { EventPage, TaskFilter } from "../../src/types.js";
import { cursorOf, logEvent } from "../support/events.js";

const OWN: TaskFilter = { queue: "milepost" };

describe("the polls for several filters", () => {
  const queueOf = (id: string): string | undefined => ({ a: "q", own: "milepost" })[id];
  const ids = (count: number): TaskFilter => ({ task: Array.from({ length: count }, (_, index) => String(index)) });

  test.each([
    [[{ queue: "q" }], [{ queue: "q" }]],
    [[OWN], [OWN]],
    [[ids(150)], [ids(150)]],
    [[{ queue: "q" }, { kind: "k" }], [{}]],
    [[{ queue: "q" }, { task: "a" }], [{}]],
    [[{ queue: "q" }, OWN], [{}, OWN]],
    [[{ queue: "q" }, { queue: "milepost", state: "running" }], [{}, OWN]],
    [[{ queue: "q" }, { task: "own" }], [{}, OWN]],
    [[{ queue: "q" }, { task: "unknown" }], [{}, OWN]],
    [[ids(151)], [{}, OWN]],
  ] satisfies [TaskFilter[], TaskFilter[]][])("%j are %j", (filters, expected) => {
    expect(pollsFor(filters, queueOf)).toEqual(expected);
  });
});

describe("one page of several polls", () => {
  const signal = new AbortController().signal;
  const polls: TaskFilter[] = [{}, OWN];
  const page = (positions: number[], end: number): EventPage => ({
    items: positions.map((position) => logEvent("a", position, "line")),
    cursor: cursorOf(end),
  });

  test("has the events of all in their order, as far as all were read", async () => {
    const pages = [page([2, 5, 9], 9), page([3, 7], 7)];
    const read = (filter: TaskFilter): Promise<EventPage> => Promise.resolve(pages[polls.indexOf(filter)] ?? page([], 0));
    const merged = await pageOfAny(polls, read, signal, undefined);
    expect(merged).toEqual(page([2, 3, 5, 7], 7));
  });

  test("waits for the first that has something, gives the others up, and reads them as far as it is now", async () => {
    const waits: (string | undefined)[] = [];
    const read = (filter: TaskFilter, some: AbortSignal, wait: string | undefined): Promise<EventPage> => {
      waits.push(wait);
      if (filter === OWN) return Promise.resolve(page([4], 4));
      if (wait === undefined) return Promise.resolve(page([3, 5], 5));
      return new Promise((_, reject) => {
        some.addEventListener("abort", () => reject(new Error("given up")));
      });
    };
    expect(await pageOfAny(polls, read, signal, "wait=25")).toEqual(page([3, 4], 4));
    expect(waits).toEqual(["wait=25", "wait=25", undefined]);
  });

  test("is a reset where one poll cannot go on", async () => {
    const lost: EventPage = { ...page([], 9), reset: "trimmed" };
    const read = (filter: TaskFilter): Promise<EventPage> => Promise.resolve(filter === OWN ? lost : page([1], 1));
    expect(await pageOfAny(polls, read, signal, undefined)).toBe(lost);
  });
});
