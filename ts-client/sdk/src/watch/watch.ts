// A stream that outlives its connections.
//
// One loop: connect with the last cursor, read until the connection ends in whatever way, wait,
// again. It stops by itself only when the server says that nothing more can come (`stream.end`,
// 204), or that asking again is of no use (another 4xx). Where something on the way holds streams
// back, it polls instead, and tries a stream now and then.

import { MilepostNetworkError, MilepostProblem, MilepostProtocolError, problemOf } from "../errors.js";
import type { WatchedEvent } from "../types.js";
import { Backoff, pause } from "./backoff.js";
import { Connection, HeldBack } from "./connection.js";
import { decode } from "./decode.js";
import { BlockTooLong, SseParser, type Block } from "./parser.js";
import type { LongPoll, PollTurn } from "./poll.js";

/** How a stream is doing. */
export type StreamState =
  | { status: "connecting" }
  | { status: "live" }
  /** The connection is lost; `error` says how, unless the server closed it politely. */
  | { status: "reconnecting"; error: Error | undefined; failures: number; delay: number }
  | { status: "ended" };

export interface WatchOptions {
  /** Ends the stream: the iteration stops, without an error. */
  signal?: AbortSignal | undefined;
  /** Begin behind this cursor, without a snapshot. */
  after?: string | undefined;
  /** Begin with the first event that is kept, without a snapshot. */
  from?: "start" | undefined;
  /** Told of every change. */
  onState?: ((state: StreamState) => void) | undefined;
  /**
   * Milliseconds without a single byte after which the connection counts as dead (45,000; the
   * server lets something be heard every 15 s). 0: wait for ever.
   */
  idleTimeout?: number | undefined;
  /**
   * Milliseconds to wait for the first bytes of a stream before the same events are polled for
   * (5,000), as behind a proxy that buffers. 0: wait for ever.
   */
  firstBytesTimeout?: number | undefined;
  /** The longest event taken, in UTF-16 units (8 Mi). A longer one is a protocol error. */
  maxEventLength?: number | undefined;
}

/** An iteration over a stream's events. Leaving it (`break`, `return()`, an abort) closes the connection. */
export interface Watch extends AsyncIterableIterator<WatchedEvent, undefined, undefined> {
  /** The position reached: everything up to it has been given out. Quiet streams move it too. */
  readonly cursor: string | undefined;
}

/** Where a connection is to begin, and what ends it. */
export interface Start {
  cursor: string | undefined;
  from: "start" | undefined;
  signal: AbortSignal;
}

/** Opens one connection that begins behind `cursor`. */
export type Connect = (start: Start) => Promise<Response>;

/** What a stream is made of. */
export interface WatchSource {
  connect: Connect;
  /** The same events for who cannot have the stream. */
  poll?: LongPoll | undefined;
  /** Whose turn it is; shared by the streams of a client, which have the same proxy before them. */
  turn?: PollTurn | undefined;
  /** Told after each piece that was read and given out, with the position reached. */
  onPosition?: ((cursor: string | undefined) => void) | undefined;
}

const DEFAULT_IDLE_TIMEOUT = 45_000;
const DEFAULT_FIRST_BYTES_TIMEOUT = 5_000;
const DEFAULT_MAX_EVENT_LENGTH = 8 * 1024 * 1024;
/** How long a server that said it is going may take to close. */
const DRAIN_TIMEOUT = 5_000;
/** A connection that lived that long and is closed cleanly was ended by the server's own plan. */
const PLANNED_LIFE = 1_000;
/** Spreads those whose connections were opened together, in milliseconds. */
const PLANNED_PAUSE = 100;

export function watch(source: WatchSource, options: WatchOptions = {}): Watch {
  const stream = new Stream(source, options);
  const events = stream.run();
  return {
    get cursor() {
      return stream.cursor;
    },
    next: () => events.next(),
    // A generator that waits for bytes does not hear `return()`; the abort wakes it up.
    return: () => {
      stream.close();
      return events.return(undefined);
    },
    throw: (error: unknown) => {
      stream.close();
      return events.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

class Stream {
  cursor: string | undefined;
  readonly #source: WatchSource;
  readonly #options: WatchOptions;
  readonly #closed = new AbortController();
  readonly #backoff = new Backoff();
  /** Whether anything came that a snapshot without a position behind it would contradict. */
  #begun = false;
  /** How the last connection was closed, if that was the server's plan. */
  #planned: "drain" | "rotation" | undefined;

  constructor(source: WatchSource, options: WatchOptions) {
    this.#source = source;
    this.#options = options;
    this.cursor = options.after;
  }

  close = (): void => this.#closed.abort();

  async *run(): AsyncGenerator<WatchedEvent, undefined, undefined> {
    const { signal } = this.#options;
    signal?.addEventListener("abort", this.close, { once: true });
    if (signal?.aborted) this.close();
    try {
      this.#tell({ status: "connecting" });
      while (!this.#closed.signal.aborted) {
        let failure: Error | undefined;
        this.#planned = undefined;
        const { poll, turn } = this.#source;
        const polls = poll !== undefined && turn?.isPolling === true;
        try {
          if (yield* polls ? this.#poll(poll) : this.#connection()) {
            this.#tell({ status: "ended" });
            return;
          }
          // The time for polling is over, and the stream gets its chance.
          if (polls && !this.#closed.signal.aborted) continue;
        } catch (error) {
          if (error instanceof HeldBack && poll !== undefined && turn !== undefined) {
            turn.beginPolling();
            continue;
          }
          if (polls && !this.#closed.signal.aborted) turn?.endPolling();
          failure = this.#judge(error);
        }
        if (this.#closed.signal.aborted) return;
        if (this.#planned !== undefined) {
          // Nothing is wrong, so nothing is told. Before a server that goes down, all wait as it says.
          const rotation = this.#planned === "rotation";
          await pause(rotation ? Math.random() * PLANNED_PAUSE : this.#backoff.next(), this.#closed.signal);
          continue;
        }
        const delay = Math.max(this.#backoff.next(), retryAfter(failure));
        const failures = this.#backoff.failures;
        this.#tell({ status: "reconnecting", error: failure, failures, delay });
        await pause(delay, this.#closed.signal);
      }
    } finally {
      signal?.removeEventListener("abort", this.close);
      this.close();
    }
  }

  /** Whether the stream is over, not just its connection. */
  async *#connection(): AsyncGenerator<WatchedEvent, boolean, undefined> {
    const { idleTimeout, firstBytesTimeout } = this.#options;
    const connection = new Connection(this.#closed.signal, idleTimeout ?? DEFAULT_IDLE_TIMEOUT);
    const canPoll = this.#source.poll !== undefined && this.#source.turn !== undefined;
    const arrived = connection.expectBytes(canPoll ? (firstBytesTimeout ?? DEFAULT_FIRST_BYTES_TIMEOUT) : 0);
    try {
      const cursor = sendable(this.cursor);
      const response = await connection.open((signal) =>
        this.#source.connect({ cursor, from: this.#options.from, signal }),
      );
      if (response.status === 204) return true;
      if (!response.ok) throw await problemOf(response);
      const type = response.headers.get("content-type") ?? "";
      if (!type.startsWith("text/event-stream") || response.body === null) {
        throw new MilepostProtocolError(`expected an event stream, got ${type || "nothing"}`);
      }
      const first = await connection.read(response.body);
      arrived();
      this.#source.turn?.endPolling();
      this.#tell({ status: "live" });
      if (this.#begun && cursor === undefined) yield { type: "stream.restart" };
      return yield* this.#read(connection, response.body, first);
    } finally {
      arrived();
      connection.close();
    }
  }

  async *#read(
    connection: Connection,
    body: ReadableStream<Uint8Array>,
    first: ReadableStreamReadResult<Uint8Array>,
  ): AsyncGenerator<WatchedEvent, boolean, undefined> {
    const parser = new SseParser(this.#options.maxEventLength ?? DEFAULT_MAX_EVENT_LENGTH);
    const opened = performance.now();
    let draining = false;
    for (let piece = first; ; piece = await connection.read(body)) {
      if (piece.done) {
        const rotated = performance.now() - opened >= PLANNED_LIFE;
        this.#planned = draining ? "drain" : rotated ? "rotation" : undefined;
        return false;
      }
      const blocks = parser.push(piece.value);
      if (parser.retry !== undefined) this.#backoff.base = parser.retry;
      for (const block of blocks) {
        this.#backoff.reset();
        this.cursor = block.id ?? this.cursor;
        if (!hasData(block)) continue;
        const event = decode(block);
        // The position was refused: should this connection be lost before the snapshot has one,
        // the next begins without.
        if (event.type === "stream.reset") this.cursor = undefined;
        if (event.type === "stream.draining") {
          connection.idleTimeout = DRAIN_TIMEOUT;
          draining = true;
        }
        yield* this.#give(event);
        if (this.#closed.signal.aborted) return false;
        if (event.type === "stream.end") return true;
      }
      this.#source.onPosition?.(this.cursor);
    }
  }

  /** The same by polling, until it is time to try a stream again. Whether the stream is over. */
  async *#poll(poll: LongPoll): AsyncGenerator<WatchedEvent, boolean, undefined> {
    const { signal } = this.#closed;
    const cursor = sendable(this.cursor);
    let page = await poll.begin({ cursor, from: this.#options.from, signal });
    this.#tell({ status: "live" });
    if (this.#begun && cursor === undefined) yield { type: "stream.restart" };
    for (;;) {
      this.#backoff.reset();
      for (const event of page.events) {
        if ("cursor" in event) this.cursor = event.cursor ?? this.cursor;
        yield* this.#give(event);
        if (signal.aborted) return false;
      }
      this.cursor = page.cursor;
      this.#source.onPosition?.(this.cursor);
      if (page.ended) {
        yield* this.#give({ type: "stream.end" });
        return true;
      }
      if (this.#source.turn?.isPolling !== true) return false;
      page = await poll.next(page.cursor, signal);
    }
  }

  async *#give(event: WatchedEvent): AsyncGenerator<WatchedEvent, void, undefined> {
    this.#begun = true;
    yield event;
  }

  /** What can be tried again is given back, the rest is thrown. */
  #judge(error: unknown): Error | undefined {
    if (this.#closed.signal.aborted) return undefined;
    if (error instanceof BlockTooLong) throw new MilepostProtocolError(error.message, { cause: error });
    if (error instanceof MilepostProtocolError) throw error;
    if (error instanceof MilepostProblem) {
      if (!error.isRetryable) throw error;
      return error;
    }
    if (error instanceof MilepostNetworkError) return error;
    return new MilepostNetworkError("the stream's connection was lost", { cause: error });
  }

  #tell(state: StreamState): void {
    if (!this.#closed.signal.aborted || state.status === "ended") this.#options.onState?.(state);
  }
}

function hasData(block: Block): block is Block & { data: string } {
  return block.data !== undefined;
}

/** A header's value cannot be any string; what Milepost itself sends as a cursor always can. */
function sendable(cursor: string | undefined): string | undefined {
  return cursor !== undefined && /^[\x21-\x7e]{1,200}$/.test(cursor) ? cursor : undefined;
}

function retryAfter(failure: Error | undefined): number {
  const seconds =
    failure !== undefined && "retryAfterSeconds" in failure ? failure.retryAfterSeconds : undefined;
  return typeof seconds === "number" ? seconds * 1000 : 0;
}
