import { expect, test } from "vitest";

import { Inbox } from "../../src/share/inbox.js";
import { cursorOf, progressEvent } from "../support/events.js";

test("gives out in order, however many wait, and knows how far its reader is", async () => {
  const inbox = new Inbox();
  for (let i = 1; i <= 5_000; i += 1) inbox.put(progressEvent("a", i, 1));
  inbox.mark(cursorOf(6_000));
  for (let i = 1; i <= 5_000; i += 1) {
    const { value } = await inbox.next();
    expect(value).toMatchObject({ cursor: cursorOf(i) });
    expect(inbox.position).toBe(cursorOf(i));
    // One more for each that is read, so that it is never empty.
    if (i <= 3_000) inbox.put(progressEvent("a", 6_000 + i, 1));
  }
  const waiting: (string | undefined)[] = [];
  for (let i = 1; i <= 3_000; i += 1) {
    const { value } = await inbox.next();
    waiting.push(value !== undefined && "cursor" in value ? value.cursor : undefined);
  }
  expect(waiting).toEqual(Array.from({ length: 3_000 }, (_, index) => cursorOf(6_001 + index)));
  inbox.mark(cursorOf(9_999));
  expect(inbox.position).toBe(cursorOf(9_999));
});

test("gives out what waits before an error, and nothing after an end", async () => {
  const failing = new Inbox();
  failing.put(progressEvent("a", 1, 1));
  failing.end(new Error("refused"));
  expect((await failing.next()).value).toMatchObject({ cursor: cursorOf(1) });
  await expect(failing.next()).rejects.toThrow("refused");
  expect(await failing.next()).toEqual({ done: true, value: undefined });
  const ended = new Inbox();
  ended.put(progressEvent("a", 1, 1));
  ended.end();
  expect(await ended.next()).toEqual({ done: true, value: undefined });
});
