// From events to tasks: fold(snapshot, deltas) is what getTask answers, without the input.
//
// Pure, and the same for one task and for many. A delta that is not newer than its task's cursor
// changes nothing, so a page of a snapshot that was read later than the position the stream goes
// on from does no harm.

import type { LogLine, Task, TaskEvent, WatchedEvent } from "../types.js";
import { compareCursors } from "./cursor.js";

/** The tasks of a stream after some of its events. Not to be changed; {@link fold} gives the next. */
export interface TasksState {
  readonly tasks: ReadonlyMap<string, Task>;
  /** The last lines of each task, oldest first; only with `keepLogs`. */
  readonly logs: ReadonlyMap<string, readonly LogLine[]>;
  /** How many lines of a task are kept. */
  readonly keepLogs: number;
  /** A whole snapshot was read, and what is here is all there is. */
  readonly complete: boolean;
  /** The ids seen so far in a snapshot of which more pages are to come. */
  readonly partial: ReadonlySet<string> | undefined;
}

/** The state before the first event. `keepLogs`: how many log lines to keep of each task (0). */
export function emptyState(options: { keepLogs?: number } = {}): TasksState {
  return {
    tasks: new Map(),
    logs: new Map(),
    keepLogs: options.keepLogs ?? 0,
    complete: false,
    partial: undefined,
  };
}

/**
 * The state after `event`: the same object if the event changes nothing.
 *
 * Copies the map of tasks; a stream of many busy tasks is better folded in a `TaskStore`.
 */
export function fold(state: TasksState, event: WatchedEvent): TasksState {
  const draft = { ...state, tasks: new Map(state.tasks), logs: new Map(state.logs) };
  return applyEvent(draft, event) ? draft : state;
}

/** As {@link fold}, for the stream of one task; `undefined` while there is none, and once it is deleted. */
export function foldTask(task: Task | undefined, event: WatchedEvent): Task | undefined {
  switch (event.type) {
    case "stream.snapshot": {
      const next = event.tasks.find((one) => task === undefined || one.id === task.id);
      return next === undefined ? task : withInput(next, task);
    }
    case "stream.left":
      return task?.id === event.task_id && isNewer(event.cursor, task) ? undefined : task;
    case "stream.reset":
    case "stream.restart":
    case "stream.end":
    case "stream.draining":
    case "unknown":
      return task;
    default:
      return task === undefined || task.id === event.task_id ? afterDelta(task, event) : task;
  }
}

/** A state that may be changed. */
export interface Draft {
  tasks: Map<string, Task>;
  logs: Map<string, readonly LogLine[]>;
  keepLogs: number;
  complete: boolean;
  partial: ReadonlySet<string> | undefined;
}

/** Changes the draft; whether there was anything to change. */
export function applyEvent(draft: Draft, event: WatchedEvent): boolean {
  switch (event.type) {
    case "stream.snapshot":
      if (event.fresh === true) return addFresh(draft, event.tasks);
      applySnapshot(draft, event.tasks, event.more);
      return true;
    case "stream.reset":
    case "stream.restart":
      // What is here stays in sight until the snapshot that follows is whole.
      if (!draft.complete && draft.partial === undefined) return false;
      draft.complete = false;
      draft.partial = undefined;
      return true;
    case "stream.end":
    case "stream.draining":
    case "unknown":
      return false;
    default: {
      const id = event.task_id;
      const before = draft.tasks.get(id);
      const after = foldTask(before, event);
      if (after === before) return false;
      if (after === undefined) {
        draft.tasks.delete(id);
        draft.logs.delete(id);
      } else {
        draft.tasks.set(id, after);
        if (event.type === "task.log") keepLines(draft, id, event.lines);
      }
      return true;
    }
  }
}

/** What was added to the stream: it replaces none of what is there. */
function addFresh(draft: Draft, page: readonly Task[]): boolean {
  for (const task of page) {
    const known = draft.tasks.get(task.id);
    if (known === undefined || isNewerOrOther(task.cursor, known)) draft.tasks.set(task.id, withInput(task, known));
  }
  return page.length > 0;
}

function applySnapshot(draft: Draft, page: readonly Task[], more: boolean): void {
  const seen = new Set(draft.partial);
  for (const task of page) {
    seen.add(task.id);
    draft.tasks.set(task.id, withInput(task, draft.tasks.get(task.id)));
  }
  draft.partial = more ? seen : undefined;
  draft.complete = !more;
  if (more) return;
  for (const id of draft.tasks.keys()) {
    if (seen.has(id)) continue;
    draft.tasks.delete(id);
    draft.logs.delete(id);
  }
}

function afterDelta(task: Task | undefined, event: TaskEvent): Task | undefined {
  switch (event.type) {
    case "task.progress":
    case "task.log": {
      // Alone they do not make a task, and those of another log say nothing about this one.
      if (task === undefined || !isNewer(event.cursor, task)) return task;
      const next = { ...task, updated_at: event.at, cursor: event.cursor };
      if (event.type === "task.progress") {
        next.progress = event.progress;
        if (event.children !== undefined) next.children = event.children;
      }
      return next;
    }
    case "task.deleted":
      return task === undefined || isNewerOrOther(event.cursor, task) ? undefined : task;
    default:
      if (task !== undefined && !isNewerOrOther(event.cursor, task)) return task;
      return withInput(event.task, task);
  }
}

const isNewer = (cursor: string, task: Task): boolean =>
  (compareCursors(cursor, task.cursor) ?? -1) > 0;

/** An event that carries the whole task speaks for itself, even after a change of logs. */
const isNewerOrOther = (cursor: string, task: Task): boolean =>
  (compareCursors(cursor, task.cursor) ?? 1) > 0;

/** Streams leave the input out; what was fetched once is kept, until the server keeps it no longer. */
function withInput(task: Task, known: Task | undefined): Task {
  return task.input === undefined && known?.input !== undefined && task.bodies_dropped !== true
    ? { ...task, input: known.input }
    : task;
}

function keepLines(draft: Draft, id: string, lines: readonly LogLine[]): void {
  if (draft.keepLogs <= 0) return;
  draft.logs.set(id, [...(draft.logs.get(id) ?? []), ...lines].slice(-draft.keepLogs));
}
