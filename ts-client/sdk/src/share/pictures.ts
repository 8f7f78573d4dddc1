// What the leader knows whole: the tasks behind the filters whose snapshot it has seen, kept
// current, so that a later hook gets its first picture from here and asks the server nothing.

import { foldTask } from "../fold/fold.js";
import type { Task, TaskFilter, WatchedEvent } from "../types.js";
import { coveredBy, covers, matches } from "./filters.js";

export class Pictures {
  readonly #tasks = new Map<string, Task>();
  #filters: TaskFilter[] = [];

  /** Takes the whole of what matches `filter`. */
  add(filter: TaskFilter, tasks: readonly Task[]): void {
    for (const task of tasks) this.#tasks.set(task.id, task);
    if (!this.#filters.some((wide) => covers(wide, filter))) this.#filters.push(filter);
  }

  /** All tasks that match, or nothing if some of them may be unknown. */
  of(filter: TaskFilter): Task[] | undefined {
    if (!coveredBy(this.#filters, filter, this.queueOf)) return undefined;
    return [...this.#tasks.values()].filter((task) => matches(filter, task));
  }

  /** The queue of a task, if it is known. It never changes. */
  readonly queueOf = (id: string): string | undefined => this.#tasks.get(id)?.queue;

  apply(event: WatchedEvent): void {
    if (!("task_id" in event)) return;
    const before = this.#tasks.get(event.task_id);
    const after = foldTask(before, event);
    if (after === before) return;
    if (after !== undefined && this.#filters.some((filter) => matches(filter, after))) {
      this.#tasks.set(after.id, after);
    } else {
      this.#tasks.delete(event.task_id);
    }
  }

  /** Forgets what is not about these filters any more, because no event will keep it current. */
  keep(filters: readonly TaskFilter[]): void {
    const kept = this.#filters.filter((one) => filters.some((wide) => covers(wide, one)));
    if (kept.length === this.#filters.length) return;
    this.#filters = kept;
    for (const [id, task] of this.#tasks) {
      if (!kept.some((filter) => matches(filter, task))) this.#tasks.delete(id);
    }
  }

  clear(): void {
    this.#tasks.clear();
    this.#filters = [];
  }
}
