// The filters of the one connection as polls take them: a poll takes one filter only. What is asked for is
// wide enough, and evaluated again by who wants less.

import { compareCursors } from "../fold/cursor.js";
import type { EventPage, TaskFilter } from "../types.js";
import { coveredBy, everything, idsOf } from "./filters.js";

/** Ids that fit into an address. */
const MOST_IDS_IN_URL = 150;

/** Reads the log for one filter; with `wait`, as a long poll. */
export type ReadPage = (filter: TaskFilter, signal: AbortSignal, wait: string | undefined) => Promise<EventPage>;

/** The fewest polls that together hear what these filters let through. No event is in two of them. */
export function pollsFor(filters: readonly TaskFilter[], queueOf: (id: string) => string | undefined): TaskFilter[] {
  const [only] = filters;
  if (only !== undefined && filters.length === 1 && idsOf(only).length <= MOST_IDS_IN_URL) return [only];
  return filters.every((filter) => coveredBy([{}], filter, queueOf)) ? [{}] : everything(filters);
}

/** One page of several polls. Each waits for itself; once one has answered, all are read that far. */
export async function pageOfAny(
  polls: readonly TaskFilter[],
  read: ReadPage,
  signal: AbortSignal,
  wait: string | undefined,
): Promise<EventPage> {
  const [only, ...more] = polls;
  if (only === undefined || more.length === 0) return read(only ?? {}, signal, wait);
  if (wait === undefined) return merged(await Promise.all(polls.map((filter) => read(filter, signal, undefined))));
  const { at, page } = await first(polls, read, signal, wait);
  const others = polls.filter((_, index) => index !== at);
  return merged([page, ...(await Promise.all(others.map((filter) => read(filter, signal, undefined))))]);
}

/** The first poll that is answered; the others are given up. */
async function first(
  polls: readonly TaskFilter[],
  read: ReadPage,
  signal: AbortSignal,
  wait: string,
): Promise<{ at: number; page: EventPage }> {
  const enough = new AbortController();
  const end = (): void => enough.abort(signal.reason);
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  try {
    return await Promise.race(polls.map(async (filter, at) => ({ at, page: await read(filter, enough.signal, wait) })));
  } finally {
    signal.removeEventListener("abort", end);
    enough.abort();
  }
}

/** Pages behind one cursor as one, as far as all of them were read. */
function merged(pages: readonly EventPage[]): EventPage {
  const reset = pages.find((page) => page.reset !== undefined);
  if (reset !== undefined) return reset;
  const cursor = pages.map((page) => page.cursor).reduce((a, b) => (order(a, b) <= 0 ? a : b));
  const told = pages.flatMap((page) => page.items.filter((item) => order(cursorOf(item), cursor) <= 0));
  return { items: told.sort((a, b) => order(cursorOf(a), cursorOf(b))), cursor };
}

const cursorOf = (item: EventPage["items"][number]): string => ("cursor" in item ? (item.cursor ?? "") : "");

const order = (a: string, b: string): number => compareCursors(a, b) ?? 0;
