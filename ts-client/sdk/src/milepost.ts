// The client: the typed API of the contract, and shorthands for what a program does all day.

import type { Client } from "openapi-fetch";

import { Bulk } from "./bulk.js";
import {
  type CallOptions,
  Calls,
  type ChangeOptions,
  defined,
  everyItem,
  insisting,
  isRetryable,
  of,
  on,
  type PageOptions,
  prefer,
  type PutOptions,
  randomKey,
} from "./calls.js";
import { filterQuery } from "./filter.js";
import { type FollowOptions, followShared, type ShareOptions, shareName } from "./share/follow.js";
import { Kinds } from "./kinds.js";
import { Queues } from "./queues.js";
import { Schedules } from "./schedules.js";
import { type LongPollOptions, Streams } from "./streams.js";
import { Transport, unwrap, type TransportOptions } from "./transport.js";
import type {
  Attempt,
  EventPage,
  LogLine,
  NewTask,
  paths,
  System,
  Task,
  TaskChange,
  TaskFilter,
  TaskPage,
} from "./types.js";
import { Backoff, pause } from "./watch/backoff.js";
import type { Watch, WatchOptions } from "./watch/watch.js";
import { Webhooks } from "./webhooks.js";
import { Workers } from "./workers.js";

export type { CallOptions, ChangeOptions, PageOptions, PutOptions };

/** How many lines of a log one request asks for. */
const LINES = 1000;

/** Properties that may also be given as `undefined`, which means the same as leaving them out. */
type Loose<T> = { [K in keyof T]?: T[K] | undefined };

/** What the contract calls by snake_case names goes to the server as it is; the rest is about the call. */
export interface SubmitOptions extends Loose<Omit<NewTask, "kind" | "input">>, CallOptions {
  /** Chosen by you; submitting the same again changes nothing (putTask). */
  id?: string | undefined;
  /** Makes repeating the call harmless; a random one if absent. Not used with `id`. */
  idempotencyKey?: string | undefined;
  /** Answer only when the task is done, or after this many seconds (1–60). Not used with `id`. */
  waitSeconds?: number | undefined;
}

export interface ListOptions extends Omit<TaskFilter, "task">, PageOptions {
  parent?: string | undefined;
  /** Submitted by the schedule with this id. */
  schedule?: string | undefined;
  /** Of the error they ended with: any of these types, at most 20. */
  error_type?: string | readonly string[] | undefined;
  /** RFC 3339. */
  created_after?: string | undefined;
  /** Free text. */
  q?: string | undefined;
}

export interface HistoryOptions extends CallOptions {
  after?: string | undefined;
  limit?: number | undefined;
  /** Wait up to this many seconds (1–60) for the first event. */
  waitSeconds?: number | undefined;
}

export interface MilepostOptions extends TransportOptions, ShareOptions {
  /**
   * How often a call that is harmless to repeat is tried again when no answer came, or one that
   * asks for it (2). Changing and deleting are never repeated.
   */
  retries?: number | undefined;
  /** What happens where something on the way holds streams back; `false`: nothing. */
  longPoll?: LongPollOptions | false | undefined;
}

/** A client of the server at `baseUrl` (default: the page's own origin). */
export function createMilepost(options: MilepostOptions = {}): Milepost {
  return new Milepost(options);
}

export class Milepost {
  /** Every operation of the contract, typed. Gives `{ data, error, response }`; see {@link unwrap}. */
  readonly api: Client<paths>;
  readonly baseUrl: string;
  readonly bulk: Bulk;
  readonly kinds: Kinds;
  readonly queues: Queues;
  readonly schedules: Schedules;
  readonly webhooks: Webhooks;
  readonly workers: Workers;
  readonly #transport: Transport;
  readonly #calls: Calls;
  readonly #streams: Streams;
  /** The name of the connection it shares; none, if with no other client. */
  readonly #share: string | undefined;

  constructor(options: MilepostOptions = {}) {
    this.#transport = new Transport(options);
    this.#calls = new Calls(this.#transport, options.retries ?? 2);
    this.#streams = new Streams(this.#transport, this.#calls, options.longPoll);
    this.#share = shareName(this.#transport.baseUrl, options);
    this.baseUrl = this.#transport.baseUrl;
    this.api = this.#calls.api;
    this.bulk = new Bulk(this.#calls);
    this.kinds = new Kinds(this.#calls);
    this.queues = new Queues(this.#calls);
    this.schedules = new Schedules(this.#calls);
    this.webhooks = new Webhooks(this.#calls);
    this.workers = new Workers(this.#calls);
  }

  /** Submits work. Safe against a lost answer: it is repeated, and makes one task. */
  async submit(kind: string, input?: unknown, options: SubmitOptions = {}): Promise<Task> {
    const { signal, id, idempotencyKey, waitSeconds, ...fields } = options;
    const body = { ...fields, kind, ...(input === undefined ? {} : { input }) } as NewTask;
    if (id !== undefined) {
      return this.#calls.persist(signal, () =>
        unwrap(this.api.PUT("/api/v1/tasks/{id}", { params: { path: { id } }, body, ...on(signal) })),
      );
    }
    const headers = {
      "Idempotency-Key": idempotencyKey ?? randomKey(),
      Prefer: prefer(waitSeconds),
    };
    return this.#calls.persist(signal, () =>
      unwrap(this.api.POST("/api/v1/tasks", { body, headers, ...on(signal) })),
    );
  }

  /** The task, with its input and whole output. */
  getTask(id: string, options: CallOptions = {}): Promise<Task> {
    return this.#calls.persist(options.signal, () => this.#get(id, options.signal));
  }

  /** One page, newest first. */
  listTasks(options: ListOptions = {}): Promise<TaskPage> {
    const { signal, parent, schedule, error_type: type, created_after, q, limit, page } = options;
    const error_type = typeof type === "string" ? [type] : type && [...type];
    const query = { ...filterQuery(options), ...defined({ parent, schedule, error_type, created_after, q, limit, page }) };
    return this.#calls.persist(signal, () =>
      unwrap(this.api.GET("/api/v1/tasks", { params: { query }, ...on(signal) })),
    );
  }

  /** Every task that matches, page after page. */
  tasks(options: ListOptions = {}): AsyncGenerator<Task, void, undefined> {
    return everyItem((page) => this.listTasks({ ...options, page }), options.page);
  }

  /** Submits up to 1,000 at once, all or none; they come back in the same order. */
  async submitAll(
    tasks: readonly NewTask[],
    options: CallOptions & { idempotencyKey?: string | undefined } = {},
  ): Promise<Task[]> {
    const { signal, idempotencyKey } = options;
    const headers = { "Idempotency-Key": idempotencyKey ?? randomKey() };
    const init = { body: { tasks: [...tasks] }, headers, ...on(signal) };
    const answer = await this.#calls.persist(signal, () =>
      unwrap(this.api.POST("/api/v1/task-batches", init)),
    );
    return answer.tasks;
  }

  /** Changes labels, priority or `run_at`. `ifMatch`: the ETag it must still have, else 412. */
  update(
    id: string,
    change: TaskChange,
    options: ChangeOptions = {},
  ): Promise<Task> {
    const init = { ...of(id), body: change, headers: insisting(options) };
    return unwrap(this.api.PATCH("/api/v1/tasks/{id}", { ...init, ...on(options.signal) }));
  }

  /** Cancels; a running task ends when its worker has heard of it. Cancelling twice is no error. */
  cancel(id: string, options: ChangeOptions = {}): Promise<Task> {
    const init = { ...of(id), headers: { "Idempotency-Key": randomKey(), ...insisting(options) } };
    return this.#calls.persist(options.signal, () =>
      unwrap(this.api.POST("/api/v1/tasks/{id}/cancel", { ...init, ...on(options.signal) })),
    );
  }

  /** Gives a failed or cancelled task another round of attempts. */
  retry(id: string, options: ChangeOptions = {}): Promise<Task> {
    const init = { ...of(id), headers: { "Idempotency-Key": randomKey(), ...insisting(options) } };
    return this.#calls.persist(options.signal, () =>
      unwrap(this.api.POST("/api/v1/tasks/{id}/retry", { ...init, ...on(options.signal) })),
    );
  }

  /** Deletes a task that is done. */
  async delete(id: string, options: ChangeOptions = {}): Promise<void> {
    const init = { ...of(id), headers: insisting(options), ...on(options.signal) };
    await unwrap(this.api.DELETE("/api/v1/tasks/{id}", init));
  }

  /**
   * The task once it is done. Outlives restarts of the server: it asks again until an answer says
   * done, the server refuses (404, say), or `signal` ends it.
   */
  async wait(id: string, options: CallOptions = {}): Promise<Task> {
    const { signal } = options;
    const backoff = new Backoff();
    for (;;) {
      signal?.throwIfAborted();
      try {
        const task = await this.#get(id, signal, 30);
        if (task.done) return task;
        backoff.reset();
      } catch (error) {
        if (!isRetryable(error)) throw error;
        await pause(backoff.next(), signal);
      }
    }
  }

  /** The last lines a task's workers wrote: 100, or `tail` (≤1,000). */
  async logs(id: string, options: CallOptions & { tail?: number | undefined } = {}): Promise<LogLine[]> {
    const params = { path: { id }, query: defined({ tail: options.tail }) };
    const answer = await this.#calls.persist(options.signal, () =>
      unwrap(this.api.GET("/api/v1/tasks/{id}/logs", { params, ...on(options.signal) })),
    );
    return answer.lines;
  }

  /**
   * All lines a task's workers wrote that are kept, oldest first, page after page; lines that come
   * meanwhile are among them.
   */
  allLogs(id: string, options: CallOptions = {}): AsyncGenerator<LogLine, void, undefined> {
    return everyItem(async (after) => {
      const begin = after === undefined ? { from: "start" as const } : { after };
      const params = { path: { id }, query: { ...begin, limit: LINES } };
      const { lines, next } = await this.#calls.persist(options.signal, () =>
        unwrap(this.api.GET("/api/v1/tasks/{id}/logs", { params, ...on(options.signal) })),
      );
      return { items: lines, ...defined({ next_page: next }) };
    });
  }

  /** Who tried the task, when, and how that ended, oldest first: the last 50, and the one that runs. */
  async attempts(id: string, options: CallOptions = {}): Promise<Attempt[]> {
    const init = { ...of(id), ...on(options.signal) };
    const answer = await this.#calls.persist(options.signal, () =>
      unwrap(this.api.GET("/api/v1/tasks/{id}/attempts", init)),
    );
    return answer.items;
  }

  /** A task's events as a page, for who wants no stream. */
  history(id: string, options: HistoryOptions = {}): Promise<EventPage> {
    const { signal, after, limit, waitSeconds } = options;
    const init = {
      params: { path: { id }, query: defined({ after, limit }) },
      headers: { Prefer: prefer(waitSeconds) },
    };
    return this.#calls.persist(signal, () =>
      unwrap(this.api.GET("/api/v1/tasks/{id}/history", { ...init, ...on(signal) })),
    );
  }

  /** What the server says of itself. */
  system(options: CallOptions = {}): Promise<System> {
    return this.#calls.persist(options.signal, () =>
      unwrap(this.api.GET("/api/v1/system", on(options.signal))),
    );
  }

  /**
   * One task, live: a snapshot, then what happens to it, until it is done. Resumes without a gap
   * when a connection is lost; throws a {@link MilepostProblem} when the server refuses.
   */
  watchTask(id: string, options: WatchOptions = {}): Watch {
    return this.#streams.watchTask(id, options);
  }

  /** All tasks that match, live, on one connection. It never ends by itself. */
  watchEvents(filter: TaskFilter = {}, options: WatchOptions = {}): Watch {
    return this.#streams.watchEvents(filter, options);
  }

  /**
   * As {@link watchEvents}, on the one connection that everything followed shares, over all tabs of
   * the page's origin (see `share`). The hooks follow. Events wait in memory for a slow reader.
   */
  follow(filter: TaskFilter = {}, options: FollowOptions = {}): Watch {
    return followShared(this.#streams, this.#share, filter, options);
  }

  #get(id: string, signal: AbortSignal | undefined, waitSeconds?: number): Promise<Task> {
    const init = { ...of(id), headers: { Prefer: prefer(waitSeconds) } };
    return unwrap(this.api.GET("/api/v1/tasks/{id}", { ...init, ...on(signal) }));
  }
}
