// Events that wait for their reader, and how far the reader has got.

import type { WatchedEvent } from "../types.js";

type Item = { event: WatchedEvent; position: string | undefined } | { event: undefined; position: string };

/** So many that were given out are let go of together. */
const COMPACT = 1_024;

export class Inbox {
  /** All up to here was given out. */
  position: string | undefined;
  #items: Item[] = [];
  #first = 0;
  #over: { error: Error | undefined } | undefined;
  #wake: (() => void) | undefined;

  put(event: WatchedEvent): void {
    const position = "cursor" in event ? event.cursor : undefined;
    this.#items.push({ event, position });
    this.#wake?.();
  }

  /** What was put before is all there is up to here. */
  mark(position: string): void {
    const last = this.#items.at(-1);
    if (this.#first >= this.#items.length) this.position = position;
    else if (last?.event === undefined && last !== undefined) last.position = position;
    else this.#items.push({ event: undefined, position });
  }

  /** Nothing more comes; what waits is still given out before an error, and not without one. */
  end(error?: Error): void {
    if (this.#over !== undefined) return;
    this.#over = { error };
    if (error === undefined) this.#items = [];
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<WatchedEvent, undefined>> {
    for (;;) {
      const item = this.#take();
      if (item !== undefined) {
        this.position = item.position ?? this.position;
        if (item.event === undefined) continue;
        return { done: false, value: item.event };
      }
      if (this.#over !== undefined) {
        const { error } = this.#over;
        this.#over = { error: undefined };
        if (error !== undefined) throw error;
        return { done: true, value: undefined };
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #take(): Item | undefined {
    const item = this.#items[this.#first];
    if (item === undefined) {
      this.#items = [];
      this.#first = 0;
      return undefined;
    }
    // Not shift(), which would move all that wait behind it each time.
    this.#first += 1;
    if (this.#first >= COMPACT && this.#first * 2 >= this.#items.length) {
      this.#items.splice(0, this.#first);
      this.#first = 0;
    }
    return item;
  }
}
