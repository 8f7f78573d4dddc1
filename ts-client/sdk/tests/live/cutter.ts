// A way to the server on which streams are cut: each after some bytes, wherever that is.

import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Forwards everything; the nth stream ends without a word after the nth of `cuts`, in bytes. */
export class Cutter {
  /** The `Last-Event-ID` that each stream was asked for with. */
  readonly resumed: (string | undefined)[] = [];
  readonly #http: Server;
  #cuts: readonly number[] = [];

  private constructor(target: string) {
    this.#http = createServer((asked, answer) => {
      const onward = request(
        new URL(asked.url ?? "/", target),
        { method: asked.method, headers: { ...asked.headers, host: new URL(target).host } },
        (response) => {
          answer.writeHead(response.statusCode ?? 502, response.headers);
          const isStream = response.headers["content-type"]?.startsWith("text/event-stream") === true;
          let left = Number.POSITIVE_INFINITY;
          if (isStream) {
            left = this.#cuts[this.resumed.length] ?? left;
            this.resumed.push(asked.headers["last-event-id"] as string | undefined);
          }
          response.on("data", (piece: Buffer) => {
            answer.write(piece.subarray(0, Math.max(0, left)));
            left -= piece.length;
            // Not at once: what was written is to arrive, or less would be cut off than was meant.
            if (left <= 0) setTimeout(() => answer.destroy(), 50);
          });
          response.on("end", () => answer.end());
          response.on("error", () => answer.destroy());
        },
      );
      onward.on("error", () => answer.destroy());
      answer.on("close", () => onward.destroy());
      asked.pipe(onward);
    });
  }

  static async before(target: string): Promise<Cutter> {
    const cutter = new Cutter(target);
    await new Promise<void>((resolve) => {
      cutter.#http.listen(0, "127.0.0.1", resolve);
    });
    return cutter;
  }

  /** Cuts the streams from now on: the first of them after the first of `cuts`. */
  cut(...cuts: number[]): void {
    this.resumed.length = 0;
    this.#cuts = cuts;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#http.closeAllConnections();
    await new Promise((resolve) => {
      this.#http.close(resolve);
    });
  }
}
