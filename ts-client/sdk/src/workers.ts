// Workers: who asked for work lately, or has a task's lease.

import { type Calls, defined, everyItem, on, type PageOptions } from "./calls.js";
import { unwrap } from "./transport.js";
import type { Worker, WorkerPage } from "./types.js";

export class Workers {
  readonly #calls: Calls;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** One page, by name. */
  list(options: PageOptions = {}): Promise<WorkerPage> {
    const { signal, limit, page } = options;
    const init = { params: { query: defined({ limit, page }) }, ...on(signal) };
    return this.#calls.persist(signal, () => unwrap(this.#calls.api.GET("/api/v1/workers", init)));
  }

  /** Every worker, page after page. */
  all(options: PageOptions = {}): AsyncGenerator<Worker, void, undefined> {
    return everyItem((page) => this.list({ ...options, page }), options.page);
  }
}
