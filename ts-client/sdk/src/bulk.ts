// One thing done to many tasks. Each call answers with the run: a task that can be watched, waited
// for and cancelled.

import { type CallOptions, type Calls, on, randomKey } from "./calls.js";
import { unwrap } from "./transport.js";
import type { BulkSelection, Task } from "./types.js";

export interface BulkOptions extends CallOptions {
  /** Only count the tasks. */
  dryRun?: boolean | undefined;
  /** Makes repeating the call harmless; a random one if absent. */
  idempotencyKey?: string | undefined;
}

type Path = "/api/v1/bulk/cancel" | "/api/v1/bulk/retry" | "/api/v1/bulk/delete";

export class Bulk {
  readonly #calls: Calls;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** Cancels all tasks that match and are not done. */
  cancel(filter: BulkSelection, options: BulkOptions = {}): Promise<Task> {
    return this.#start("/api/v1/bulk/cancel", filter, options);
  }

  /** Gives all failed and cancelled tasks that match another round of attempts. */
  retry(filter: BulkSelection, options: BulkOptions = {}): Promise<Task> {
    return this.#start("/api/v1/bulk/retry", filter, options);
  }

  /** Deletes all tasks that match and are done. */
  delete(filter: BulkSelection, options: BulkOptions = {}): Promise<Task> {
    return this.#start("/api/v1/bulk/delete", filter, options);
  }

  #start(path: Path, filter: BulkSelection, options: BulkOptions): Promise<Task> {
    const { signal, dryRun, idempotencyKey } = options;
    const body = { filter, ...(dryRun === undefined ? {} : { dry_run: dryRun }) };
    const headers = { "Idempotency-Key": idempotencyKey ?? randomKey() };
    const init = { body, headers, ...on(signal) };
    return this.#calls.persist(signal, () => unwrap(this.#calls.api.POST(path, init)));
  }
}
