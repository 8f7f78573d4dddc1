// What one filter makes of a stream that is about more than it: the same events the server would
// send for that filter alone.

import type { Task, TaskFilter, WatchedEvent } from "../types.js";
import { idsOf, matches } from "./filters.js";

export class Selection {
  readonly #filter: TaskFilter;
  /** Whether a task matches cannot be told from its progress or its log, so it is remembered. */
  readonly #matching = new Set<string>();
  /** What passes without having been seen to match: tasks by their ids, and behind a cursor every task. */
  #always: (id: string) => boolean;

  constructor(filter: TaskFilter) {
    this.#filter = filter;
    const ids = new Set(idsOf(filter));
    const { queue, kind, state, labels } = filter;
    const other = [queue, kind, state, labels].some((part) => part !== undefined);
    this.#always = other ? () => false : (id) => ids.size === 0 || ids.has(id);
  }

  /** Begins with these of the tasks that match, which are given back. */
  begin(tasks: readonly Task[]): Task[] {
    this.#matching.clear();
    // All that match and are not done are known now; the server's own, which a wider stream may carry, do not.
    if (idsOf(this.#filter).length === 0) this.#always = () => false;
    const found = tasks.filter((task) => matches(this.#filter, task));
    for (const task of found) this.#matching.add(task.id);
    return found;
  }

  /** The event as a watcher of this filter gets it, or nothing. */
  select(event: WatchedEvent): WatchedEvent | undefined {
    if (!("task_id" in event)) return undefined;
    const id = event.task_id;
    switch (event.type) {
      case "stream.left":
        return this.#matching.delete(id) ? event : undefined;
      case "task.progress":
      case "task.log":
        return this.#matching.has(id) || this.#always(id) ? event : undefined;
      case "task.deleted":
        return this.#matching.delete(id) || matches(this.#filter, event.task) ? event : undefined;
      default:
        if (matches(this.#filter, event.task)) {
          this.#matching.add(id);
          return event;
        }
        if (!this.#matching.delete(id)) return undefined;
        return { type: "stream.left", task_id: id, cursor: event.cursor };
    }
  }
}
