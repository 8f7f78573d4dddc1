// Kinds: what inputs must be, and what tasks begin with.

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
import type { Kind, KindDefinition, KindPage } from "./types.js";

export class Kinds {
  readonly #calls: Calls;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** One page, by name: every kind that something was said of, without its schema. */
  list(options: PageOptions = {}): Promise<KindPage> {
    const { signal, limit, page } = options;
    const init = { params: { query: defined({ limit, page }) }, ...on(signal) };
    return this.#calls.persist(signal, () => unwrap(this.#calls.api.GET("/api/v1/kinds", init)));
  }

  /** Every kind, page after page. */
  all(options: PageOptions = {}): AsyncGenerator<Kind, void, undefined> {
    return everyItem((page) => this.list({ ...options, page }), options.page);
  }

  /** One kind, with its schema. */
  get(name: string, options: CallOptions = {}): Promise<Kind> {
    const { signal } = options;
    return this.#calls.persist(signal, () =>
      unwrap(this.#calls.api.GET("/api/v1/kinds/{name}", { ...named(name), ...on(signal) })),
    );
  }

  /** Creates it, or replaces all that is said of it; what is left out returns to its default. */
  put(name: string, definition: KindDefinition, options: PutOptions = {}): Promise<Kind> {
    const init = {
      ...named(name),
      body: definition,
      headers: insisting(options),
      ...on(options.signal),
    };
    return this.#calls.put(options, () =>
      unwrap(this.#calls.api.PUT("/api/v1/kinds/{name}", init)),
    );
  }

  /** Nothing is said of it any more; its tasks stay. */
  async delete(name: string, options: ChangeOptions = {}): Promise<void> {
    const init = { ...named(name), headers: insisting(options), ...on(options.signal) };
    await unwrap(this.#calls.api.DELETE("/api/v1/kinds/{name}", init));
  }
}

const named = (name: string) => ({ params: { path: { name } } });
