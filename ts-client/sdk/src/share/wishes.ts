// What the tabs want of the one connection, and what of it they get already.

import { compareCursors } from "../fold/cursor.js";
import type { TaskFilter } from "../types.js";
import { joined } from "./filters.js";
import type { Wanted } from "./messages.js";

export interface Wish extends Wanted {
  tab: string;
  /** Its tab hears everything behind the position it was told. */
  covered: boolean;
}

export class Wishes {
  readonly #wishes = new Map<string, Wish>();

  get isEmpty(): boolean {
    return this.#wishes.size === 0;
  }

  /** Takes all that a tab wants; whether there is something new. */
  set(tab: string, wanted: readonly Wanted[]): boolean {
    const names = new Set(wanted.map((one) => nameOf(tab, one.key)));
    for (const [name, wish] of this.#wishes) {
      if (wish.tab === tab && !names.has(name)) this.#wishes.delete(name);
    }
    let news = false;
    for (const one of wanted) {
      const name = nameOf(tab, one.key);
      const known = this.#wishes.get(name);
      if (known !== undefined) {
        // Covered, and its tab does not know: it is told again.
        if (known.covered && one.pending) Object.assign(known, { covered: false, since: one.since });
        continue;
      }
      this.#wishes.set(name, { ...one, tab, covered: false });
      news = true;
    }
    return news;
  }

  has(wish: Wish): boolean {
    return this.#wishes.get(nameOf(wish.tab, wish.key)) === wish;
  }

  remove(wish: Wish): void {
    if (this.has(wish)) this.#wishes.delete(nameOf(wish.tab, wish.key));
  }

  clear(): void {
    this.#wishes.clear();
  }

  /** No position counts any more: all of it is to be shown from the beginning. */
  forgetPositions(): void {
    for (const wish of this.#wishes.values()) {
      wish.covered = false;
      wish.since = undefined;
    }
  }

  all(): Wish[] {
    return [...this.#wishes.values()];
  }

  pending(): Wish[] {
    return this.all().filter((wish) => !wish.covered);
  }

  /** The position that all who have one have reached. */
  earliest(): string | undefined {
    let first: string | undefined;
    for (const { since, covered } of this.#wishes.values()) {
      if (since === undefined || covered) continue;
      if (first === undefined || (compareCursors(since, first) ?? 1) < 0) first = since;
    }
    return first;
  }
}

export function filtersOf(wishes: readonly Wish[]): TaskFilter[] {
  return joined(wishes.map((wish) => wish.filter));
}

const nameOf = (tab: string, key: string): string => `${tab} ${key}`;
