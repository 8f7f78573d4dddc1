// What one watcher wants of the shared stream, and what it gets: the events its own stream would
// bring, in order, each once, whoever leads meanwhile.

import { isRetryable } from "../calls.js";
import { compareCursors } from "../fold/cursor.js";
import type { Streams } from "../streams.js";
import type { Task, TaskFilter, WatchedEvent } from "../types.js";
import { Backoff, pause } from "../watch/backoff.js";
import { decodeFields } from "../watch/decode.js";
import type { StreamState, Watch, WatchOptions } from "../watch/watch.js";
import { Inbox } from "./inbox.js";
import type { Wanted } from "./messages.js";
import { Selection } from "./selection.js";

/** Pages of the log read to catch up; who is further behind begins anew. */
const MOST_PAGES = 50;

type Options = Pick<WatchOptions, "after" | "onState" | "signal">;

export class Interest {
  readonly key: string;
  readonly filter: TaskFilter;
  readonly #reads: Streams;
  readonly #onState: ((state: StreamState) => void) | undefined;
  readonly #onClose: (interest: Interest) => void;
  readonly #selection: Selection;
  readonly #inbox = new Inbox();
  readonly #closed = new AbortController();
  readonly #signal: AbortSignal | undefined;
  /** Everything up to here was put into the inbox. */
  #since: string | undefined;
  /** Not heard of yet; catching up while what is new is held back; or up to date. */
  #phase: "pending" | "reading" | "live" = "pending";
  #held: { events: readonly WatchedEvent[]; position: string }[] = [];
  #reading: AbortController | undefined;
  #toldLive = false;

  constructor(
    key: string,
    filter: TaskFilter,
    options: Options,
    reads: Streams,
    onClose: (interest: Interest) => void,
  ) {
    this.key = key;
    this.filter = filter;
    this.#reads = reads;
    this.#onState = options.onState;
    this.#onClose = onClose;
    this.#selection = new Selection(filter);
    this.#since = options.after;
    this.#inbox.position = options.after;
    this.#signal = options.signal;
    this.#signal?.addEventListener("abort", this.close, { once: true });
    this.#onState?.({ status: "connecting" });
  }

  /** For whom wants to read it. */
  get watch(): Watch {
    const inbox = this.#inbox;
    const watch: Watch = {
      get cursor() {
        return inbox.position;
      },
      next: () => inbox.next(),
      return: async () => {
        this.close();
        return { done: true, value: undefined };
      },
      throw: async (error: unknown) => {
        this.close();
        throw error;
      },
      [Symbol.asyncIterator]: () => watch,
    };
    return watch;
  }

  get isLive(): boolean {
    return this.#phase === "live";
  }

  wanted(): Wanted {
    return { key: this.key, filter: this.filter, since: this.#since, pending: this.#phase === "pending" };
  }

  /** Whoever led is gone, or something was missed: nothing counts until it is covered again. */
  pend(): void {
    this.#reading?.abort();
    this.#reading = undefined;
    this.#held = [];
    this.#phase = "pending";
  }

  /** What comes after `position` will be heard from now on. */
  covered(position: string, tasks: readonly Task[] | undefined): void {
    if (this.#phase !== "pending") return;
    const ahead = this.#since === undefined ? undefined : compareCursors(this.#since, position);
    if (this.#since !== undefined && ahead === undefined) this.#begin({ type: "stream.restart" });
    if (ahead !== undefined && ahead >= 0) {
      this.#live();
    } else if (this.#since === undefined && tasks !== undefined) {
      this.#show(tasks, position);
      this.#live();
    } else {
      this.#phase = "reading";
      void this.#catchUp(position);
    }
  }

  take(events: readonly WatchedEvent[], position: string): void {
    if (this.#phase === "reading") this.#held.push({ events, position });
    if (this.#phase !== "live") return;
    for (const event of events) this.#give(event);
    this.#reached(position);
  }

  /** Positions of before mean nothing any more; a snapshot follows. */
  reset(event: WatchedEvent): void {
    this.pend();
    this.#begin(event);
  }

  tell(state: StreamState): void {
    // Live is who has a picture, not who waits for one on a living connection.
    if (state.status === "live" && this.isLive) this.#tellLive();
    if (state.status !== "reconnecting") return;
    this.#toldLive = false;
    this.#onState?.(state);
  }

  refuse(error: Error): void {
    this.#inbox.end(error);
    this.close();
  }

  close = (): void => {
    if (this.#closed.signal.aborted) return;
    this.#signal?.removeEventListener("abort", this.close);
    this.#closed.abort();
    this.pend();
    this.#inbox.end();
    this.#onClose(this);
  };

  #tellLive(): void {
    if (!this.#toldLive) this.#onState?.({ status: "live" });
    this.#toldLive = true;
  }

  #live(): void {
    this.#phase = "live";
    this.#tellLive();
    const held = this.#held;
    this.#held = [];
    for (const { events, position } of held) this.take(events, position);
  }

  #begin(event: WatchedEvent): void {
    this.#since = undefined;
    this.#inbox.put(event);
  }

  #show(tasks: readonly Task[], position: string): void {
    const found = this.#selection.begin(tasks);
    this.#inbox.put({ type: "stream.snapshot", tasks: found, more: false, cursor: position });
    this.#since = position;
  }

  #give(event: WatchedEvent): void {
    // Another tab may have been further behind when the stream was opened.
    const isOld = "cursor" in event && event.cursor !== undefined && this.#isReached(event.cursor);
    const mine = isOld ? undefined : this.#selection.select(event);
    if (mine !== undefined) this.#inbox.put(mine);
  }

  #isReached(position: string): boolean {
    return this.#since !== undefined && (compareCursors(position, this.#since) ?? 1) <= 0;
  }

  #reached(position: string): void {
    if (this.#isReached(position)) return;
    this.#since = position;
    this.#inbox.mark(position);
  }

  /** Reads what the shared stream had passed before this was wanted. */
  async #catchUp(position: string): Promise<void> {
    const reading = new AbortController();
    const { signal } = reading;
    this.#reading = reading;
    const backoff = new Backoff();
    while (!signal.aborted) {
      try {
        if (this.#since !== undefined && !(await this.#readLog(position, signal))) {
          this.#begin({ type: "stream.restart" });
        }
        if (this.#since === undefined) {
          const tasks = await this.#reads.tasks(this.filter, signal);
          if (!signal.aborted) this.#show(tasks, position);
        }
        if (!signal.aborted) this.#live();
        return;
      } catch (thrown) {
        if (signal.aborted) return;
        const error = thrown instanceof Error ? thrown : new Error(String(thrown));
        if (!isRetryable(error)) return this.refuse(error);
        const delay = backoff.next();
        this.tell({ status: "reconnecting", error, failures: backoff.failures, delay });
        await pause(delay, signal);
      }
    }
  }

  /** The log up to `position`; whether it could be read without a gap. */
  async #readLog(position: string, signal: AbortSignal): Promise<boolean> {
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const after = this.#since;
      const page = await this.#reads.page(this.filter, after, signal);
      if (signal.aborted) return true;
      if (page.reset !== undefined) return false;
      for (const item of page.items) {
        const event = decodeFields(item);
        const isAhead = "cursor" in event && (compareCursors(event.cursor ?? position, position) ?? 1) > 0;
        // What is ahead comes by the stream as well, where it is held back just now.
        if (!isAhead) this.#give(event);
      }
      const reached = (compareCursors(page.cursor, position) ?? 1) >= 0;
      this.#reached(reached ? position : page.cursor);
      if (reached || page.cursor === after) {
        this.#reached(position);
        return true;
      }
    }
    return false;
  }
}
