// What no stream tells: queues, schedules and workers are not in the log, so they are asked for
// again and again, slowly, while somebody looks. Hooks that want the same share one question.

import type { Milepost } from "../milepost.js";

export interface PolledView<T> {
  /** The last answer; it stays while a later question fails. */
  readonly data: T | undefined;
  /** Why the last question failed. */
  readonly error: Error | undefined;
}

interface Source<T> {
  ask: (signal: AbortSignal) => Promise<T>;
  /** Milliseconds between an answer and the next question; without it, only when told to. */
  every: number | undefined;
  onIdle: () => void;
}

/** A view that was made for a render that came to nothing is forgotten after this time. */
const UNUSED_LIFE = 30_000;

export class Polled<T> {
  readonly #source: Source<T>;
  readonly #listeners = new Set<() => void>();
  #view: PolledView<T> = { data: undefined, error: undefined };
  #running: AbortController | undefined;
  #asking: Promise<void> | undefined;
  #again = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closing: ReturnType<typeof setTimeout> | undefined;

  constructor(source: Source<T>) {
    this.#source = source;
    this.#closing = setTimeout(this.#close, UNUSED_LIFE);
  }

  view = (): PolledView<T> => this.#view;

  subscribe = (listener: () => void): (() => void) => {
    clearTimeout(this.#closing);
    this.#listeners.add(listener);
    if (this.#running === undefined) this.#open();
    return () => {
      this.#listeners.delete(listener);
      // Not at once: StrictMode, and a component that changes places, comes back in the same turn.
      if (this.#listeners.size === 0) this.#closing = setTimeout(this.#close, 0);
    };
  };

  /** Asks now. While an answer is on its way, asks once more after it: it may be too old. */
  refetch = (): Promise<void> => {
    if (this.#running === undefined) return Promise.resolve();
    if (this.#asking !== undefined) this.#again = true;
    else this.#asking = this.#ask(this.#running.signal);
    return this.#asking;
  };

  #open(): void {
    this.#running = new AbortController();
    const { signal } = this.#running;
    if (typeof window !== "undefined") {
      window.addEventListener("focus", this.#look, { signal });
      document.addEventListener("visibilitychange", this.#look, { signal });
    }
    void this.refetch();
  }

  #look = (): void => {
    if (!document.hidden) void this.refetch();
  };

  async #ask(signal: AbortSignal): Promise<void> {
    clearTimeout(this.#timer);
    do {
      this.#again = false;
      try {
        const data = await this.#source.ask(signal);
        if (signal.aborted) return;
        this.#set({ data, error: undefined });
      } catch (thrown) {
        if (signal.aborted) return;
        const error = thrown instanceof Error ? thrown : new Error(String(thrown));
        this.#set({ ...this.#view, error });
      }
    } while (this.#again);
    this.#asking = undefined;
    const { every } = this.#source;
    // A page that nobody sees asks nothing; it asks at once when it is seen.
    if (every !== undefined) this.#timer = setTimeout(() => this.#tick(), every);
  }

  #tick(): void {
    if (typeof document === "undefined" || !document.hidden) void this.refetch();
  }

  #set(view: PolledView<T>): void {
    this.#view = view;
    for (const listener of this.#listeners) listener();
  }

  #close = (): void => {
    if (this.#listeners.size > 0) return;
    clearTimeout(this.#timer);
    this.#running?.abort();
    this.#running = undefined;
    this.#asking = undefined;
    this.#again = false;
    this.#source.onIdle();
  };
}

const sets = new WeakMap<Milepost, Map<string, Polled<unknown>>>();

/** The one question of this key that a client's hooks share. */
export function polled<T>(
  client: Milepost,
  key: string,
  source: Pick<Source<T>, "ask" | "every">,
): Polled<T> {
  const byKey = sets.get(client) ?? new Map<string, Polled<unknown>>();
  sets.set(client, byKey);
  let found = byKey.get(key) as Polled<T> | undefined;
  if (found === undefined) {
    found = new Polled<T>({ ...source, onIdle: () => byKey.delete(key) });
    byKey.set(key, found as Polled<unknown>);
  }
  return found;
}
