// Schedules: rules that submit tasks by the calendar.

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
  type PutOptions,
  randomKey,
} from "./calls.js";
import { unwrap } from "./transport.js";
import type {
  NewSchedule,
  Schedule,
  ScheduleChange,
  ScheduleDefinition,
  SchedulePage,
  Task,
} from "./types.js";

export class Schedules {
  readonly #calls: Calls;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** One page, by id. */
  list(options: PageOptions = {}): Promise<SchedulePage> {
    const { signal, limit, page } = options;
    const init = { params: { query: defined({ limit, page }) }, ...on(signal) };
    return this.#calls.persist(signal, () => unwrap(this.#calls.api.GET("/api/v1/schedules", init)));
  }

  /** Every schedule, page after page. */
  all(options: PageOptions = {}): AsyncGenerator<Schedule, void, undefined> {
    return everyItem((page) => this.list({ ...options, page }), options.page);
  }

  get(id: string, options: CallOptions = {}): Promise<Schedule> {
    const init = { ...of(id), ...on(options.signal) };
    return this.#calls.persist(options.signal, () =>
      unwrap(this.#calls.api.GET("/api/v1/schedules/{id}", init)),
    );
  }

  /** Makes one. Safe against a lost answer: it is repeated, and makes one schedule. */
  create(
    schedule: NewSchedule,
    options: CallOptions & { idempotencyKey?: string | undefined } = {},
  ): Promise<Schedule> {
    const { signal, idempotencyKey } = options;
    const headers = { "Idempotency-Key": idempotencyKey ?? randomKey() };
    return this.#calls.persist(signal, () =>
      unwrap(this.#calls.api.POST("/api/v1/schedules", { body: schedule, headers, ...on(signal) })),
    );
  }

  /** Makes or replaces one; what is left out returns to its default. */
  put(id: string, definition: ScheduleDefinition, options: PutOptions = {}): Promise<Schedule> {
    const init = {
      ...of(id),
      body: definition,
      headers: insisting(options),
      ...on(options.signal),
    };
    return this.#calls.put(options, () =>
      unwrap(this.#calls.api.PUT("/api/v1/schedules/{id}", init)),
    );
  }

  /** Changes parts; `task` is replaced as a whole. */
  update(id: string, change: ScheduleChange, options: ChangeOptions = {}): Promise<Schedule> {
    const init = {
      ...of(id),
      body: change,
      headers: insisting(options),
      ...on(options.signal),
    };
    return unwrap(this.#calls.api.PATCH("/api/v1/schedules/{id}", init));
  }

  /** It submits nothing any more; the tasks it submitted stay. */
  async delete(id: string, options: ChangeOptions = {}): Promise<void> {
    const init = { ...of(id), headers: insisting(options), ...on(options.signal) };
    await unwrap(this.#calls.api.DELETE("/api/v1/schedules/{id}", init));
  }

  /** Submits its task at once, though it is paused. */
  run(id: string, options: ChangeOptions = {}): Promise<Task> {
    const headers = { "Idempotency-Key": randomKey(), ...insisting(options) };
    const init = { ...of(id), headers, ...on(options.signal) };
    return this.#calls.persist(options.signal, () =>
      unwrap(this.#calls.api.POST("/api/v1/schedules/{id}/run", init)),
    );
  }
}
