// The fold for programs that live: tasks in place, and listeners that are told.
//
// A stream of many busy tasks would redraw a page a thousand times a second. So listeners hear the
// first change at once and the next ones together, at most every `pace` milliseconds.

import type { LogLine, Task, WatchedEvent } from "../types.js";
import { compareCursors } from "./cursor.js";
import { applyEvent, emptyState, type Draft } from "./fold.js";
import { OrderedTasks } from "./order.js";

export interface TaskStoreOptions {
  /** How many log lines to keep of each task (0). */
  keepLogs?: number | undefined;
  /** The least time between two calls of a listener, in milliseconds (50). */
  pace?: number | undefined;
}

const NO_LINES: readonly LogLine[] = [];

/** The tasks of one stream. */
export class TaskStore {
  readonly #draft: Draft & { tasks: OrderedTasks };
  readonly #pace: number;
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = false;

  constructor(options: TaskStoreOptions = {}) {
    const { tasks: _, logs: __, ...rest } = emptyState({ keepLogs: options.keepLogs ?? 0 });
    this.#draft = { ...rest, tasks: new OrderedTasks(), logs: new Map() };
    this.#pace = options.pace ?? 50;
  }

  /** Takes an event of the stream; whether it changed anything. */
  apply(event: WatchedEvent): boolean {
    const changed = applyEvent(this.#draft, event);
    if (changed) this.#changed();
    return changed;
  }

  /** Takes a task that another call answered, unless what is here is newer. */
  put(task: Task): void {
    const known = this.#draft.tasks.get(task.id);
    if (known !== undefined && (compareCursors(task.cursor, known.cursor) ?? 1) < 0) return;
    this.#draft.tasks.set(task.id, { ...(known?.input === undefined ? {} : { input: known.input }), ...task });
    this.#changed();
  }

  /** A whole snapshot was read: what is not here is not there. */
  get complete(): boolean {
    return this.#draft.complete;
  }

  get(id: string): Task | undefined {
    return this.#draft.tasks.get(id);
  }

  /** All tasks, newest first; the same array until something changes. */
  get tasks(): readonly Task[] {
    return this.#draft.tasks.newestFirst;
  }

  /** How many tasks there are; costs nothing, where {@link tasks} makes an array after a change. */
  get size(): number {
    return this.#draft.tasks.size;
  }

  /** The last lines of a task; the same array until there are more. */
  logs(id: string): readonly LogLine[] {
    return this.#draft.logs.get(id) ?? NO_LINES;
  }

  /**
   * Takes the lines that were written before the stream began, as listTaskLogs answers them. What
   * the stream brought meanwhile is found again at their end, and not doubled.
   */
  putEarlierLogs(id: string, earlier: readonly LogLine[]): void {
    const { logs, keepLogs } = this.#draft;
    if (keepLogs <= 0) return;
    const streamed = logs.get(id) ?? NO_LINES;
    const joined = [...earlier, ...streamed.slice(overlap(earlier, streamed))];
    logs.set(id, joined.slice(-keepLogs));
    this.#changed();
  }

  /** Forgets a task's lines, because the stream began anew and they may have a gap. */
  dropLogs(id: string): void {
    if (this.#draft.logs.delete(id)) this.#changed();
  }

  /** `listener` is called after changes. Gives the way to unsubscribe. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#rest();
    };
  }

  #changed(): void {
    if (this.#timer !== undefined) {
      this.#due = true;
    } else if (this.#listeners.size > 0) {
      this.#notify();
    }
  }

  #notify(): void {
    this.#due = false;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#due) this.#notify();
    }, this.#pace);
    for (const listener of this.#listeners) listener();
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due = false;
  }
}

const same = (a: LogLine | undefined, b: LogLine | undefined): boolean =>
  a?.at === b?.at && a?.level === b?.level && a?.text === b?.text;

/** How many of the first lines of `later` are the last ones of `earlier`. */
function overlap(earlier: readonly LogLine[], later: readonly LogLine[]): number {
  for (let length = Math.min(earlier.length, later.length); length > 0; length -= 1) {
    const start = earlier.length - length;
    if (later.slice(0, length).every((line, index) => same(line, earlier[start + index]))) {
      return length;
    }
  }
  return 0;
}
