// One connection's life: it ends with its stream, or when it has been silent for too long.

import { MilepostNetworkError } from "../errors.js";

/** Not a byte of the stream came in time: something on the way may hold it back. */
export class HeldBack extends MilepostNetworkError {
  override name = "MilepostNetworkError";
}

export class Connection {
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

  /** Ends the connection as held back if nothing was read when `milliseconds` are over; 0: never. */
  expectBytes(milliseconds: number): () => void {
    if (milliseconds <= 0) return () => {};
    const held = new HeldBack(`not a byte of the stream came within ${milliseconds} ms`);
    const timer = setTimeout(() => this.#controller.abort(held), milliseconds);
    return () => clearTimeout(timer);
  }

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
