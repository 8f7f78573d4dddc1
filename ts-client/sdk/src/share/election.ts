// Which tab leads: the one that holds the lock. A tab that is closed or crashes loses it, and the
// next in line has it; one that hangs is robbed of it.

import type { Locks } from "./world.js";

export interface Office {
  /** Leads until the signal ends; `alone`: there was nobody in line before. */
  lead(signal: AbortSignal, alone: boolean): void;
  /** Somebody else leads. */
  follow(): void;
  /** The locks do not work here. */
  fail(): void;
}

export class Election {
  readonly #locks: Locks;
  readonly #name: string;
  readonly #office: Office;
  readonly #over = new AbortController();
  #leading: AbortController | undefined;

  constructor(locks: Locks, name: string, office: Office) {
    this.#locks = locks;
    this.#name = name;
    this.#office = office;
  }

  /** Leads at once if nobody does, else waits in line. */
  async stand(): Promise<void> {
    try {
      let held = false;
      await this.#locks.request(this.#name, { ifAvailable: true }, (lock) => {
        if (lock === null || this.#over.signal.aborted) return undefined;
        held = true;
        return this.#lead(true);
      });
      if (!held) await this.#wait();
    } catch (error) {
      this.#lost(error);
    }
  }

  /** Takes the lock from a tab that does not answer. */
  async seize(): Promise<void> {
    try {
      await this.#locks.request(this.#name, { steal: true }, () => this.#lead(false));
    } catch (error) {
      this.#lost(error);
    }
  }

  /** Gives the lock back, or leaves the line. */
  retire(): void {
    this.#over.abort();
    this.#leading?.abort();
  }

  /** Told once, when the tab that holds this lock is gone. */
  async onGone(name: string, told: () => void): Promise<void> {
    const { signal } = this.#over;
    try {
      await this.#locks.request(name, { signal }, told);
    } catch {
      // Retired meanwhile.
    }
  }

  /** Holds a lock for as long as the tab takes part. */
  async sign(name: string): Promise<void> {
    const { signal } = this.#over;
    try {
      await this.#locks.request(name, { signal }, () => ended(signal));
    } catch {
      // Without it the others find out a little later that the tab is gone.
    }
  }

  async #wait(): Promise<void> {
    const { signal } = this.#over;
    if (signal.aborted) return;
    this.#office.follow();
    await this.#locks.request(this.#name, { signal }, () => this.#lead(false));
  }

  async #standAgain(): Promise<void> {
    try {
      await this.#wait();
    } catch (error) {
      this.#lost(error);
    }
  }

  #lead(alone: boolean): Promise<void> | undefined {
    if (this.#over.signal.aborted || this.#leading !== undefined) return undefined;
    this.#leading = new AbortController();
    const { signal } = this.#leading;
    this.#office.lead(signal, alone);
    return ended(signal);
  }

  #lost(error: unknown): void {
    const leading = this.#leading;
    this.#leading = undefined;
    if (this.#over.signal.aborted) return;
    leading?.abort();
    // A lock that was held or waited for and is lost was stolen; nothing else aborts it.
    if (leading !== undefined || (error instanceof Error && error.name === "AbortError")) {
      void this.#standAgain();
    } else {
      this.#office.fail();
    }
  }
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
