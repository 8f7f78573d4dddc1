// A stream that outlives its connections.
//
// One loop: connect with the last cursor, read until the connection ends in whatever way, wait,
// again. It stops by itself only when the server says that nothing more can come (`stream.end`,
// 204), or that asking again is of no use (another 4xx).

import { isRetryableStatus, MilepostError, MilepostNetworkError, MilepostProtocolError, problemOf } from "../errors.js";
import type { WatchedEvent } from "../types.js";
import { Backoff, pause } from "./backoff.js";
import { decode } from "./decode.js";
import { BlockTooLong, SseParser, type Block } from "./parser.js";

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
  /** The longest event taken, in UTF-16 units (8 Mi). A longer one is a protocol error. */
  maxEventLength?: number | undefined;
}

/** An iteration over a stream's events. Leaving it (`break`, `return()`, an abort) closes the connection. */
export interface Watch extends AsyncIterableIterator<WatchedEvent, undefined, undefined> {
  /** The position reached: everything up to it has been given out. Quiet streams move it too. */
  readonly cursor: string | undefined;
}

/** Opens one connection that begins behind `cursor`. */
export type Connect = (start: {
  cursor: string | undefined;
  from: "start" | undefined;
  signal: AbortSignal;
}) => Promise<Response>;

const DEFAULT_IDLE_TIMEOUT = 45_000;
const DEFAULT_MAX_EVENT_LENGTH = 8 * 1024 * 1024;
/** How long a server that said it is going may take to close. */
const DRAIN_TIMEOUT = 5_000;

export function watch(connect: Connect, options: WatchOptions = {}): Watch {
  const stream = new Stream(connect, options);
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
  readonly #connect: Connect;
  readonly #options: WatchOptions;
  readonly #closed = new AbortController();
  readonly #backoff = new Backoff();
  /** Whether anything came that a snapshot without a position behind it would contradict. */
  #begun = false;

  constructor(connect: Connect, options: WatchOptions) {
    this.#connect = connect;
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
        try {
          if (yield* this.#connection()) {
            this.#tell({ status: "ended" });
            return;
          }
        } catch (error) {
          failure = this.#judge(error);
        }
        if (this.#closed.signal.aborted) return;
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
    const connection = new Connection(this.#closed.signal, this.#options.idleTimeout ?? DEFAULT_IDLE_TIMEOUT);
    try {
      const cursor = sendable(this.cursor);
      const response = await connection.open((signal) =>
        this.#connect({ cursor, from: this.#options.from, signal }),
      );
      if (response.status === 204) return true;
      if (!response.ok) throw await problemOf(response);
      const type = response.headers.get("content-type") ?? "";
      if (!type.startsWith("text/event-stream") || response.body === null) {
        throw new MilepostProtocolError(`expected an event stream, got ${type || "nothing"}`);
      }
      this.#tell({ status: "live" });
      if (this.#begun && cursor === undefined) yield { type: "stream.restart" };
      return yield* this.#read(connection, response.body);
    } finally {
      connection.close();
    }
  }

  async *#read(
    connection: Connection,
    body: ReadableStream<Uint8Array>,
  ): AsyncGenerator<WatchedEvent, boolean, undefined> {
    const parser = new SseParser(this.#options.maxEventLength ?? DEFAULT_MAX_EVENT_LENGTH);
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await connection.guard(() => reader.read());
      if (done) return false;
      const blocks = parser.push(value);
      if (parser.retry !== undefined) this.#backoff.base = parser.retry;
      for (const block of blocks) {
        this.#backoff.reset();
        this.cursor = block.id ?? this.cursor;
        if (!hasData(block)) continue;
        const event = decode(block);
        // The position was refused: should this connection be lost before the snapshot has one,
        // the next begins without.
        if (event.type === "stream.reset") this.cursor = undefined;
        if (event.type === "stream.draining") connection.idleTimeout = DRAIN_TIMEOUT;
        this.#begun = true;
        yield event;
        if (this.#closed.signal.aborted) return false;
        if (event.type === "stream.end") return true;
      }
    }
  }

  /** What can be tried again is given back, the rest is thrown. */
  #judge(error: unknown): Error | undefined {
    if (this.#closed.signal.aborted) return undefined;
    if (error instanceof BlockTooLong) throw new MilepostProtocolError(error.message, { cause: error });
    if (error instanceof MilepostProtocolError) throw error;
    if (error instanceof MilepostError && "status" in error) {
      if (!isRetryableStatus(Number(error.status))) throw error;
      return error;
    }
    if (error instanceof MilepostNetworkError) return error;
    return new MilepostNetworkError("the stream's connection was lost", { cause: error });
  }

  #tell(state: StreamState): void {
    if (!this.#closed.signal.aborted || state.status === "ended") this.#options.onState?.(state);
  }
}

/** One connection's life: it ends with its stream, or when it has been silent for too long. */
class Connection {
  readonly #controller = new AbortController();
  readonly #stream: AbortSignal;

  constructor(
    stream: AbortSignal,
    public idleTimeout: number,
  ) {
    this.#stream = stream;
    if (stream.aborted) this.close();
    stream.addEventListener("abort", this.close, { once: true });
  }

  close = (): void => {
    this.#stream.removeEventListener("abort", this.close);
    this.#controller.abort();
  };

  open(connect: (signal: AbortSignal) => Promise<Response>): Promise<Response> {
    return this.guard(() => connect(this.#controller.signal));
  }

  /** Counts the silence only while bytes are waited for, so that a slow reader is not cut off. */
  async guard<T>(wait: () => Promise<T>): Promise<T> {
    if (this.idleTimeout <= 0) return wait();
    const silent = new MilepostNetworkError(`nothing was heard for ${this.idleTimeout} ms`);
    const timer = setTimeout(() => this.#controller.abort(silent), this.idleTimeout);
    try {
      return await wait();
    } finally {
      clearTimeout(timer);
    }
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
