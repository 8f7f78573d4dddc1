// How long to wait before the next try.

const LONGEST_DELAY = 30_000;
const LONGEST_BASE = 5 * 60_000;

/** Exponential, jittered so that the watchers of a server that fell do not come back as one. */
export class Backoff {
  #base: number;
  #failures = 0;
  readonly #random: () => number;

  constructor(base = 1000, random: () => number = Math.random) {
    this.#base = base;
    this.#random = random;
  }

  /** The server names the time to begin with (`retry:`), in milliseconds. */
  set base(milliseconds: number) {
    this.#base = Math.min(milliseconds, LONGEST_BASE);
  }

  /** Tries without success since the last one that had it. */
  get failures(): number {
    return this.#failures;
  }

  /** The last try was a success. */
  reset(): void {
    this.#failures = 0;
  }

  /** Counts a failure; the wait is between half of the doubled base and all of it, in milliseconds. */
  next(): number {
    const longest = Math.max(LONGEST_DELAY, this.#base);
    const whole = Math.min(longest, this.#base * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    return whole * (0.5 + this.#random() / 2);
  }
}

/** Waits, or not any longer once `signal` is aborted; it never throws. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    signal?.addEventListener("abort", finish, { once: true });
  });
}
