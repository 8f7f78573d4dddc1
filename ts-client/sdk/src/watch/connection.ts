// One connection's life: it ends with its stream, or when it has been silent for too long.

import { MilepostNetworkError } from "../errors.js";

/** Not a byte of the stream came in time: something on the way may hold it back. */
export class HeldBack extends MilepostNetworkError {
  override name = "MilepostNetworkError";
}

export class Connection {
  readonly #controller = new AbortController();
  readonly #stream: AbortSignal;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  constructor(
    stream: AbortSignal,
    public idleTimeout: number,
  ) {
    this.#stream = stream;
    this.#controller.signal.addEventListener("abort", this.#hangUp, { once: true });
    if (stream.aborted) this.close();
    stream.addEventListener("abort", this.close, { once: true });
  }

  close = (): void => {
    this.#stream.removeEventListener("abort", this.close);
    this.#controller.abort();
  };

  /** Ends the connection as held back if nothing was read when `milliseconds` are over; 0: never. */
  expectBytes(milliseconds: number): () => void {
    const held = new HeldBack(`not a byte of the stream came within ${milliseconds} ms`);
    const timer = this.#abortAfter(milliseconds, held);
    return () => clearTimeout(timer);
  }

  open(connect: (signal: AbortSignal) => Promise<Response>): Promise<Response> {
    return this.#guard(() => connect(this.#controller.signal));
  }

  /** The next piece of what was opened. */
  read(body: ReadableStream<Uint8Array>): Promise<ReadableStreamReadResult<Uint8Array>> {
    const reader = (this.#reader ??= body.getReader());
    return this.#guard(async () => {
      const piece = await reader.read();
      // Hanging up ends a read as if the stream were over.
      this.#controller.signal.throwIfAborted();
      return piece;
    });
  }

  /** Counts the silence only while bytes are waited for, so that a slow reader is not cut off. */
  async #guard<T>(wait: () => Promise<T>): Promise<T> {
    const timer = this.#abortAfter(
      this.idleTimeout,
      new MilepostNetworkError(`nothing was heard for ${this.idleTimeout} ms`),
    );
    try {
      return await wait();
    } catch (error) {
      // Browsers differ in what a read that was aborted throws.
      const { reason } = this.#controller.signal;
      throw reason instanceof MilepostNetworkError ? reason : error;
    } finally {
      clearTimeout(timer);
    }
  }

  // Node forgets the signal of a fetch that has its response once the garbage is collected: the
  // abort alone would leave the connection open, and the read waiting for ever.
  #hangUp = (): void => {
    this.#reader?.cancel().catch(() => {});
  };

  #abortAfter(milliseconds: number, reason: Error): ReturnType<typeof setTimeout> | undefined {
    if (milliseconds <= 0) return undefined;
    return setTimeout(() => this.#controller.abort(reason), milliseconds);
  }
}
