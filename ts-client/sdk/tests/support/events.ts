// Tasks and events as the server would send them, made short.

import type { Event, LogLine, Progress, State, Task, TaskEvent } from "../../src/types.js";

export const EPOCH = "0000e90c";
const AT = "2026-01-01T00:00:00.000Z";

export const cursorOf = (position: number | bigint, epoch = EPOCH): string => `${epoch}.${position}`;

export function taskOf(id: string, position: number, fields: Partial<Task> = {}): Task {
  const state: State = fields.state ?? "queued";
  return {
    id,
    kind: "test",
    queue: "default",
    state,
    done: ["succeeded", "failed", "cancelled"].includes(state),
    labels: {},
    priority: 0,
    attempt: 0,
    max_attempts: 3,
    cancel_grace_seconds: 30,
    created_at: AT,
    updated_at: AT,
    cursor: cursorOf(position),
    links: {
      self: `/api/v1/tasks/${id}`,
      events: `/api/v1/tasks/${id}/events`,
      history: `/api/v1/tasks/${id}/history`,
      logs: `/api/v1/tasks/${id}/logs`,
      attempts: `/api/v1/tasks/${id}/attempts`,
      children: `/api/v1/tasks?parent=${id}`,
    },
    ...fields,
  };
}

type TypeWithTask = Exclude<TaskEvent["type"], "task.progress" | "task.log" | "task.retrying">;

export function taskEvent(type: TypeWithTask, task: Task): TaskEvent {
  const { id, cursor, attempt, updated_at } = task;
  return { type, cursor, task_id: id, at: updated_at, attempt, task } as TaskEvent;
}

export function progressEvent(id: string, position: number, percent: number): TaskEvent {
  const at = new Date(Date.parse(AT) + position * 1000).toISOString();
  const progress: Progress = { percent, updated_at: at };
  return { type: "task.progress", cursor: cursorOf(position), task_id: id, at, attempt: 1, progress };
}

export function logEvent(id: string, position: number, ...texts: string[]): TaskEvent {
  const at = new Date(Date.parse(AT) + position * 1000).toISOString();
  const lines = texts.map((text): LogLine => ({ at, level: "info", text }));
  return { type: "task.log", cursor: cursorOf(position), task_id: id, at, attempt: 1, lines };
}

export function snapshot(tasks: Task[], options: { more?: boolean; position?: number } = {}): Event {
  const { more = false, position } = options;
  const cursor = position === undefined ? {} : { cursor: cursorOf(position) };
  return { type: "stream.snapshot", tasks, more, ...cursor };
}

/** The frame of an event, as a server writes it. */
export function frame(event: { type: string; cursor?: string | undefined }): string {
  const id = event.cursor === undefined ? "" : `id: ${event.cursor}\n`;
  return `${id}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
