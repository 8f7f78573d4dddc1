// One thing done to many tasks. Each answer is the run that does it: a task, to be watched as any other.

import { type CallOptions, type Calls, on, randomKey } from "./calls.js";
import { unwrap } from "./transport.js";
import type { BulkFilter, Task } from "./types.js";

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

  /** Cancels all that match and are not done. */
  cancel(filter: BulkFilter, options: BulkOptions = {}): Promise<Task> {
    return this.#start("/api/v1/bulk/cancel", filter, options);
  }

  /** Gives all that match and failed or were cancelled another round of attempts. */
  retry(filter: BulkFilter, options: BulkOptions = {}): Promise<Task> {
    return this.#start("/api/v1/bulk/retry", filter, options);
  }

  /** Deletes all that match and are done. */
  delete(filter: BulkFilter, options: BulkOptions = {}): Promise<Task> {
    return this.#start("/api/v1/bulk/delete", filter, options);
  }

  #start(path: Path, filter: BulkFilter, { signal, dryRun, idempotencyKey }: BulkOptions): Promise<Task> {
    const body = { filter, ...(dryRun === undefined ? {} : { dry_run: dryRun }) };
    const init = { body, headers: { "Idempotency-Key": idempotencyKey ?? randomKey() }, ...on(signal) };
    return this.#calls.persist(signal, () => unwrap(this.#calls.api.POST(path, init)));
  }
}
