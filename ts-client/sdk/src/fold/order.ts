// Tasks by id that know their order, so that a page which shows them need not sort at each change.
//
// Almost every change is to a task that is there, or adds the newest: neither moves another task.
// What does (a page of older tasks, one that is deleted) is put in order when somebody looks, once
// for all such changes since.

import type { Task } from "../types.js";

/** A map of tasks by id with a list of them by age. */
export class OrderedTasks extends Map<string, Task> {
  // Newest first, to be copied as it is. One that was deleted leaves a hole until the order is made
  // anew.
  #slots: (Task | undefined)[] = [];
  // Counted from the end, so that a new task at the front leaves the others' as they are.
  readonly #fromEnd = new Map<string, number>();
  #newest: Task | undefined;
  #inOrder = true;
  #list: readonly Task[] | undefined;

  /** All tasks, newest first; the same array until something changes. */
  get newestFirst(): readonly Task[] {
    if (this.#list === undefined) {
      if (!this.#inOrder) this.#putInOrder();
      this.#list = (this.#slots as Task[]).slice();
    }
    return this.#list;
  }

  override set(id: string, task: Task): this {
    this.#list = undefined;
    const fromEnd = this.#fromEnd.get(id);
    if (fromEnd === undefined) {
      this.#fromEnd.set(id, this.#slots.unshift(task));
      if (this.#newest === undefined || byAge(task, this.#newest) < 0) this.#newest = task;
      else this.#inOrder = false;
    } else {
      const slot = this.#slots.length - fromEnd;
      // An id that is used again, after its task was deleted, has another age.
      if (this.#slots[slot]?.created_at !== task.created_at) this.#inOrder = false;
      this.#slots[slot] = task;
    }
    return super.set(id, task);
  }

  override delete(id: string): boolean {
    const fromEnd = this.#fromEnd.get(id);
    if (fromEnd === undefined) return false;
    this.#list = undefined;
    this.#slots[this.#slots.length - fromEnd] = undefined;
    this.#fromEnd.delete(id);
    this.#inOrder = false;
    return super.delete(id);
  }

  override clear(): void {
    this.#list = undefined;
    this.#slots = [];
    this.#fromEnd.clear();
    this.#newest = undefined;
    this.#inOrder = true;
    super.clear();
  }

  #putInOrder(): void {
    const tasks = [...this.values()].sort(byAge);
    this.#slots = tasks;
    this.#newest = tasks[0];
    this.#fromEnd.clear();
    for (const [slot, task] of tasks.entries()) this.#fromEnd.set(task.id, tasks.length - slot);
    this.#inOrder = true;
  }
}

/** The newest first; by id where two were made in the same millisecond, as the server's ids rise. */
function byAge(a: Task, b: Task): number {
  if (a.created_at !== b.created_at) return a.created_at < b.created_at ? 1 : -1;
  if (a.id === b.id) return 0;
  return a.id < b.id ? 1 : -1;
}
