// Streams as a client opens them: what is asked of which address, and the same by polling.

import { type Calls, defined, on } from "./calls.js";
import { filterQuery } from "./filter.js";
import { MilepostProblem } from "./errors.js";
import { idsOf, matches } from "./share/filters.js";
import { type Transport, unwrap } from "./transport.js";
import type { StreamRequest, Task, TaskFilter } from "./types.js";
import { longPoll, type PollCalls, PollTurn } from "./watch/poll.js";
import { watch, type Watch, type WatchOptions, type WatchSource } from "./watch/watch.js";

export interface LongPollOptions {
  /**
   * Milliseconds without a byte after which a new stream counts as held back, and the same events
   * are polled for (5,000).
   */
  after?: number | undefined;
  /** Milliseconds before a stream is tried again (120,000; longer each time that was in vain). */
  retryStream?: number | undefined;
  /** How long one poll waits for an event, in seconds (25; at most 60). */
  waitSeconds?: number | undefined;
}

/** How many tasks are read by id at a time. */
const READS = 8;

export class Streams {
  readonly #transport: Transport;
  readonly #calls: Calls;
  readonly #polls: LongPollOptions | false;
  /** One proxy is before all streams of a client. */
  readonly #turn: PollTurn;

  constructor(transport: Transport, calls: Calls, polls: LongPollOptions | false = {}) {
    this.#transport = transport;
    this.#calls = calls;
    this.#polls = polls;
    this.#turn = new PollTurn(polls === false ? undefined : polls.retryStream);
  }

  watchTask(id: string, options: WatchOptions): Watch {
    const poll: PollCalls = {
      task: (signal) => this.#mustFind(id, signal),
      page: (after, signal, headers) => this.page({ task: id }, after, signal, headers.Prefer),
      // Its own last event is all that is known of the log, and all that has to be.
      snapshot: async (signal) => {
        const found = await this.#mustFind(id, signal);
        return { tasks: [found], cursor: found.cursor };
      },
    };
    const path = `/api/v1/tasks/${encodeURIComponent(id)}/events`;
    return this.watch({ connect: this.#get(path, []) }, poll, options);
  }

  watchEvents(filter: TaskFilter, options: WatchOptions): Watch {
    const query = Object.entries(filterQuery(filter)).flatMap(([name, value]) =>
      [value].flat().map((one): [string, string] => [name, one]),
    );
    const poll: PollCalls = {
      page: (after, signal, headers) => this.page(filter, after, signal, headers.Prefer),
      snapshot: async (signal) => {
        // Noted first, so that what happens while the tasks are read comes again behind it.
        const cursor = await this.logEnd(signal);
        return { tasks: await this.tasks(filter, signal), cursor };
      },
    };
    return this.watch({ connect: this.#get("/api/v1/events", query) }, poll, options);
  }

  /** A stream from a source of its own, with the rules of all streams of the client. */
  watch(source: WatchSource, poll: PollCalls, options: WatchOptions): Watch {
    if (this.#polls === false) return watch(source, options);
    const { after, waitSeconds } = this.#polls;
    return watch(
      { ...source, poll: longPoll(poll, waitSeconds), turn: this.#turn },
      { firstBytesTimeout: after, ...options },
    );
  }

  /** One connection about several filters at once (openEventStream). */
  post(body: StreamRequest, signal: AbortSignal): Promise<Response> {
    const headers = { Accept: "text/event-stream", "Content-Type": "application/json" };
    const init: RequestInit = { method: "POST", headers, body: JSON.stringify(body), signal, cache: "no-store" };
    return this.#transport.fetch(new Request(`${this.#transport.baseUrl}/api/v1/event-streams`, init));
  }

  /** A page of the log behind `after`: what the filter's own stream would bring. */
  page(filter: TaskFilter, after: string | undefined, signal: AbortSignal, wait?: string, limit = 1000) {
    const headers = { Prefer: wait };
    const ids = idsOf(filter);
    const [id] = ids;
    if (id !== undefined && ids.length === 1 && Object.keys(defined(filter)).length === 1) {
      const params = { path: { id }, query: defined({ after, limit }) };
      return unwrap(this.#calls.api.GET("/api/v1/tasks/{id}/history", { params, headers, signal }));
    }
    const params = { query: { ...filterQuery(filter), ...defined({ after, limit }) } };
    return unwrap(this.#calls.api.GET("/api/v1/history", { params, headers, signal }));
  }

  /** Where the log ends now. */
  async logEnd(signal: AbortSignal): Promise<string> {
    return (await unwrap(this.#calls.api.GET("/api/v1/system", on(signal)))).log_end;
  }

  /** What matches now, as streams show it: without input. */
  async tasks(filter: TaskFilter, signal: AbortSignal): Promise<Task[]> {
    const ids = idsOf(filter);
    const found = ids.length > 0 ? await this.#byIds(ids, signal) : await this.#byList(filter, signal);
    return found.filter((task) => matches(filter, task));
  }

  async #byIds(ids: readonly string[], signal: AbortSignal): Promise<Task[]> {
    const found: Task[] = [];
    for (let start = 0; start < ids.length; start += READS) {
      const some = ids.slice(start, start + READS).map((id) => this.#task(id, signal));
      for (const task of await Promise.all(some)) if (task !== undefined) found.push(task);
    }
    return found;
  }

  async #byList(filter: TaskFilter, signal: AbortSignal): Promise<Task[]> {
    const { task: _, ...query } = filterQuery(filter);
    const found: Task[] = [];
    let page: string | undefined;
    do {
      const params = { query: { ...query, limit: 200, ...defined({ page }) } };
      const answer = await unwrap(this.#calls.api.GET("/api/v1/tasks", { params, signal }));
      found.push(...answer.items);
      page = answer.next_page;
    } while (page !== undefined);
    return found;
  }

  /** Without its input; nothing, if there is no such task. */
  async #task(id: string, signal: AbortSignal): Promise<Task | undefined> {
    try {
      return await this.#mustFind(id, signal);
    } catch (error) {
      if (error instanceof MilepostProblem && error.status === 404) return undefined;
      throw error;
    }
  }

  async #mustFind(id: string, signal: AbortSignal): Promise<Task> {
    const params = { path: { id } };
    const { input: _, ...task } = await unwrap(this.#calls.api.GET("/api/v1/tasks/{id}", { params, signal }));
    return task;
  }

  #get(path: string, query: readonly [string, string][]): WatchSource["connect"] {
    // By hand, because openapi-fetch reads a body only whole.
    return ({ cursor, from, signal }) => {
      const all = new URLSearchParams([...query]);
      if (from !== undefined) all.append("from", from);
      const suffix = all.size > 0 ? `?${all}` : "";
      const headers = new Headers({ Accept: "text/event-stream" });
      if (cursor !== undefined) headers.set("Last-Event-ID", cursor);
      const init: RequestInit = { headers, signal, cache: "no-store" };
      return this.#transport.fetch(new Request(`${this.#transport.baseUrl}${path}${suffix}`, init));
    };
  }
}
