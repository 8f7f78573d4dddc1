import { describe, expect, test } from "vitest";

import { decode } from "../../src/watch/decode.js";
import { progressEvent } from "../support/events.js";

const data = (value: unknown): string => JSON.stringify(value);

describe("decoding", () => {
  test("a known event is what the contract says", () => {
    const event = progressEvent("a", 3, 50);
    expect(decode({ event: "task.progress", id: event.cursor, data: data(event) })).toEqual(event);
  });

  test("a type of a later version is kept as unknown", () => {
    const fields = { type: "task.teleported", task_id: "a", cursor: "e.4" };
    expect(decode({ event: "task.teleported", id: "e.4", data: data(fields) })).toEqual({
      type: "unknown",
      name: "task.teleported",
      cursor: "e.4",
      data: fields,
    });
  });

  test("data that is no JSON is kept as text", () => {
    expect(decode({ event: "message", data: "keep-alive" })).toEqual({
      type: "unknown",
      name: "message",
      cursor: undefined,
      data: "keep-alive",
    });
  });

  test.each([
    "null",
    "[]",
    "7",
    '"text"',
    "{}",
    '{"type":"task.progress"}',
    '{"type":"task.queued","task_id":"a","cursor":"e.1","at":"","task":null}',
    '{"type":"task.queued","task_id":"a","cursor":"e.1","at":"","task":{"id":7}}',
    '{"type":"task.log","task_id":"a","cursor":"e.1","at":"","lines":"no"}',
    '{"type":"stream.snapshot","tasks":[null],"more":false}',
    '{"type":"stream.snapshot","tasks":[]}',
    '{"type":"stream.left"}',
    '{"type":"toString"}',
    '{"type":"__proto__"}',
    '{"type":7}',
  ])("what is not as the contract says is unknown, not a crash: %s", (text) => {
    expect(decode({ event: "message", data: text }).type).toBe("unknown");
  });
});
