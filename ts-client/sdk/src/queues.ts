// Queues: where tasks wait, and how many of them may run.

import {
  type CallOptions,
  type Calls,
  type ChangeOptions,
  defined,
  everyItem,
  insisting,
  on,
  type PageOptions,
  type PutOptions,
} from "./calls.js";
import { unwrap } from "./transport.js";
import type { Queue, QueueChange, QueueDefinition, QueuePage } from "./types.js";

export class Queues {
  readonly #calls: Calls;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** One page, by name: every queue that something was set for, or that has tasks. */
  list(options: PageOptions = {}): Promise<QueuePage> {
    const { signal, limit, page } = options;
    const init = { params: { query: defined({ limit, page }) }, ...on(signal) };
    return this.#calls.persist(signal, () => unwrap(this.#calls.api.GET("/api/v1/queues", init)));
  }

  /** Every queue, page after page. */
  all(options: PageOptions = {}): AsyncGenerator<Queue, void, undefined> {
    return everyItem((page) => this.list({ ...options, page }), options.page);
  }

  get(name: string, options: CallOptions = {}): Promise<Queue> {
    const { signal } = options;
    return this.#calls.persist(signal, () =>
      unwrap(this.#calls.api.GET("/api/v1/queues/{name}", { ...named(name), ...on(signal) })),
    );
  }

  /** Replaces all that is set for it; what is left out returns to its default. */
  put(name: string, definition: QueueDefinition, options: PutOptions = {}): Promise<Queue> {
    const init = {
      ...named(name),
      body: definition,
      headers: insisting(options),
      ...on(options.signal),
    };
    return this.#calls.put(options, () =>
      unwrap(this.#calls.api.PUT("/api/v1/queues/{name}", init)),
    );
  }

  /** Changes parts; `null` takes a limit away. */
  update(name: string, change: QueueChange, options: ChangeOptions = {}): Promise<Queue> {
    const init = {
      ...named(name),
      body: change,
      headers: insisting(options),
      ...on(options.signal),
    };
    return unwrap(this.#calls.api.PATCH("/api/v1/queues/{name}", init));
  }

  /** None of its tasks is leased from now on; what runs goes on. */
  pause(name: string, options: ChangeOptions = {}): Promise<Queue> {
    return this.update(name, { paused: true }, options);
  }

  /** Lets it go on. */
  resume(name: string, options: ChangeOptions = {}): Promise<Queue> {
    return this.update(name, { paused: false }, options);
  }
}

const named = (name: string) => ({ params: { path: { name } } });
