// Webhooks: whom the end of tasks is told to.

import {
  type CallOptions,
  type Calls,
  type ChangeOptions,
  defined,
  everyItem,
  insisting,
  of,
  on,
  type PageOptions,
  randomKey,
} from "./calls.js";
import { unwrap } from "./transport.js";
import type { NewWebhook, Task, Webhook, WebhookChange, WebhookPage } from "./types.js";

export class Webhooks {
  readonly #calls: Calls;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** One page, by id, without secrets. */
  list(options: PageOptions = {}): Promise<WebhookPage> {
    const { signal, limit, page } = options;
    const init = { params: { query: defined({ limit, page }) }, ...on(signal) };
    return this.#calls.persist(signal, () => unwrap(this.#calls.api.GET("/api/v1/webhooks", init)));
  }

  /** Every webhook, page after page. */
  all(options: PageOptions = {}): AsyncGenerator<Webhook, void, undefined> {
    return everyItem((page) => this.list({ ...options, page }), options.page);
  }

  get(id: string, options: CallOptions = {}): Promise<Webhook> {
    const init = { ...of(id), ...on(options.signal) };
    return this.#calls.persist(options.signal, () =>
      unwrap(this.#calls.api.GET("/api/v1/webhooks/{id}", init)),
    );
  }

  /**
   * Makes one; the answer has its `secret`, which is not shown again. Safe against a lost answer: it is
   * repeated, and makes one webhook.
   */
  create(
    webhook: NewWebhook,
    options: CallOptions & { idempotencyKey?: string | undefined } = {},
  ): Promise<Webhook> {
    const { signal, idempotencyKey } = options;
    const headers = { "Idempotency-Key": idempotencyKey ?? randomKey() };
    return this.#calls.persist(signal, () =>
      unwrap(this.#calls.api.POST("/api/v1/webhooks", { body: webhook, headers, ...on(signal) })),
    );
  }

  /** Changes parts; `null` takes `queue`, `kind` and `description` away. */
  update(id: string, change: WebhookChange, options: ChangeOptions = {}): Promise<Webhook> {
    const init = {
      ...of(id),
      body: change,
      headers: insisting(options),
      ...on(options.signal),
    };
    return unwrap(this.#calls.api.PATCH("/api/v1/webhooks/{id}", init));
  }

  /** What waits for it is cancelled. */
  async delete(id: string, options: ChangeOptions = {}): Promise<void> {
    const init = { ...of(id), headers: insisting(options), ...on(options.signal) };
    await unwrap(this.#calls.api.DELETE("/api/v1/webhooks/{id}", init));
  }

  /** Sends it one message of type `webhook.test`; wait for the task's end to learn what came of it. */
  test(id: string, options: ChangeOptions = {}): Promise<Task> {
    const headers = { "Idempotency-Key": randomKey(), ...insisting(options) };
    const init = { ...of(id), headers, ...on(options.signal) };
    return this.#calls.persist(options.signal, () =>
      unwrap(this.#calls.api.POST("/api/v1/webhooks/{id}/test", init)),
    );
  }

  /**
   * Gives it another secret, the one given or one of the server's: the answer has it. The one before
   * signs on for 24 hours.
   */
  rotateSecret(id: string, options: ChangeOptions & { secret?: string } = {}): Promise<Webhook> {
    const { secret, signal } = options;
    const headers = { "Idempotency-Key": randomKey(), ...insisting(options) };
    const body = secret === undefined ? {} : { secret };
    const init = { ...of(id), body, headers, ...on(signal) };
    return this.#calls.persist(signal, () =>
      unwrap(this.#calls.api.POST("/api/v1/webhooks/{id}/rotate-secret", init)),
    );
  }
}
