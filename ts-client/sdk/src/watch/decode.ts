// From a block of the stream to a typed event. What is not as the contract says becomes an unknown
// event rather than an error: a newer server may know more than this client, and a watcher must
// not fall because of it.

import type { Event, UnknownEvent } from "../types.js";
import type { Block } from "./parser.js";

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isTask = (value: unknown): boolean =>
  isObject(value) && typeof value["id"] === "string" && typeof value["cursor"] === "string";
const isOfTask = (fields: Fields): boolean =>
  typeof fields["task_id"] === "string" &&
  typeof fields["cursor"] === "string" &&
  typeof fields["at"] === "string";
const carriesTask = (fields: Fields): boolean => isOfTask(fields) && isTask(fields["task"]);

/** What each type must have for the fold to stand on it. The compiler holds the list complete. */
const SHAPES: Record<Event["type"], (fields: Fields) => boolean> = {
  "task.scheduled": carriesTask,
  "task.queued": carriesTask,
  "task.started": carriesTask,
  "task.progress": (fields) => isOfTask(fields) && isObject(fields["progress"]),
  "task.log": (fields) => isOfTask(fields) && Array.isArray(fields["lines"]),
  "task.cancel_requested": carriesTask,
  "task.retrying": (fields) => carriesTask(fields) && isObject(fields["error"]),
  "task.succeeded": carriesTask,
  "task.failed": carriesTask,
  "task.cancelled": carriesTask,
  "task.updated": carriesTask,
  "task.deleted": carriesTask,
  "stream.snapshot": (fields) =>
    Array.isArray(fields["tasks"]) &&
    fields["tasks"].every(isTask) &&
    typeof fields["more"] === "boolean",
  "stream.reset": () => true,
  "stream.left": (fields) =>
    typeof fields["task_id"] === "string" && typeof fields["cursor"] === "string",
  "stream.end": () => true,
  "stream.draining": () => true,
};

/** The event in a block that has data. */
export function decode(block: Block & { data: string }): Event | UnknownEvent {
  let data: unknown;
  try {
    data = JSON.parse(block.data);
  } catch {
    return { type: "unknown", name: block.event, cursor: block.id, data: block.data };
  }
  return decodeFields(data, block.event, block.id);
}

/** As {@link decode}, for an event that was parsed already, e.g. of a history. */
export function decodeFields(
  data: unknown,
  name = "message",
  cursor?: string,
): Event | UnknownEvent {
  if (isObject(data)) {
    const type = typeof data["type"] === "string" ? data["type"] : name;
    if (Object.hasOwn(SHAPES, type) && SHAPES[type as Event["type"]](data)) {
      return { ...data, type } as Event;
    }
    return { type: "unknown", name: type, cursor, data };
  }
  return { type: "unknown", name, cursor, data };
}
