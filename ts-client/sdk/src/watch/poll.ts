// The long-poll form of a stream: the same events in the same order, for who sits behind something
// that holds streams back until they end. A snapshot is read the usual way; the position it is
// continued from was noted before, so that nothing between the two is missed.

import { prefer } from "../calls.js";
import { MilepostNetworkError } from "../errors.js";
import { compareCursors } from "../fold/cursor.js";
import type { EventPage, ResetReason, Task, WatchedEvent } from "../types.js";
import { decodeFields } from "./decode.js";
import type { Start } from "./watch.js";

/** Some events, and where to go on behind them. */
export interface PolledEvents {
  events: WatchedEvent[];
  cursor: string;
  /** Nothing more can come. */
  ended?: boolean | undefined;
}

export interface LongPoll {
  /** What a stream from there would begin with. */
  begin(start: Start): Promise<PolledEvents>;
  /** What comes behind `cursor`: waits for it, but not for ever, so it may be nothing. */
  next(cursor: string, signal: AbortSignal): Promise<PolledEvents>;
}

/** What of the server a long poll needs. */
export interface PollCalls {
  /** A page of the log behind `after`. */
  page(after: string | undefined, signal: AbortSignal, headers: { Prefer: string | undefined }): Promise<EventPage>;
  /** The tasks it is about, without input, and a position that is not behind any of them. */
  snapshot(signal: AbortSignal): Promise<{ tasks: Task[]; cursor: string }>;
  /** Tasks to be shown once more before it goes on behind a cursor. */
  fresh?: ((signal: AbortSignal) => Promise<Task[]>) | undefined;
  /** The one task it is about. */
  task?: ((signal: AbortSignal) => Promise<Task>) | undefined;
}

export const WAIT_SECONDS = 25;
/** How much longer than it was asked to wait an answer may take, in milliseconds. */
const LATE = 15_000;

export function longPoll(calls: PollCalls, waitSeconds = WAIT_SECONDS): LongPoll {
  const anew = async (signal: AbortSignal, reason?: ResetReason): Promise<PolledEvents> => {
    const { tasks, cursor } = await calls.snapshot(signal);
    const events: WatchedEvent[] = [{ type: "stream.snapshot", tasks, more: false, cursor }];
    if (reason !== undefined) events.unshift({ type: "stream.reset", reason });
    return { events, cursor, ended: calls.task !== undefined && tasks[0]?.done === true };
  };
  const read = async (after: string | undefined, signal: AbortSignal, wait?: number): Promise<PolledEvents> => {
    const headers = { Prefer: prefer(wait) };
    const limit = ((wait ?? 0) * 1000) + LATE;
    const page = await timely(limit, signal, (timed) => calls.page(after, timed, headers));
    if (page.reset !== undefined && after !== undefined) return anew(signal, page.reset);
    const events = page.items.map((item) => decodeFields(item));
    return { events, cursor: page.cursor, ended: await isOver(calls, page.cursor, events, signal) };
  };
  return {
    begin: async ({ cursor, from, signal }) => {
      if (cursor === undefined && from !== "start") return anew(signal);
      const tasks = await calls.fresh?.(signal);
      const page = await read(cursor, signal);
      // Also when there are none: that none match is what was asked.
      if (tasks !== undefined) page.events.unshift({ type: "stream.snapshot", tasks, more: false, fresh: true });
      return page;
    },
    next: (cursor, signal) => read(cursor, signal, waitSeconds),
  };
}

/** Whether the watched task is done, and the page said all of it. */
async function isOver(
  { task }: PollCalls,
  reached: string,
  events: readonly WatchedEvent[],
  signal: AbortSignal,
): Promise<boolean> {
  const last = events.at(-1);
  if (task === undefined) return false;
  // Only an end, or nothing at all behind a cursor, may be the last word; a retry comes after an end.
  if (last !== undefined && !("task" in last && last.task.done)) return false;
  const now = await task(signal);
  return now.done && (compareCursors(now.cursor, reached) ?? 1) <= 0;
}

/** A call that ends as lost when it takes too long: what holds back streams may hold back this. */
async function timely<T>(
  milliseconds: number,
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const end = (): void => late.abort(signal.reason);
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  const error = new MilepostNetworkError(`no answer within ${milliseconds} ms`);
  const timer = setTimeout(() => late.abort(error), milliseconds);
  try {
    return await call(late.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}

/** Whether streams or polls are used just now, known to all streams of a client. */
export class PollTurn {
  readonly #between: number;
  readonly #longest: number;
  #until = 0;
  #times = 0;

  /** `between`: milliseconds before a stream is tried again; doubled each time in vain, up to ×8. */
  constructor(between = 120_000) {
    this.#between = between;
    this.#longest = between * 8;
  }

  get isPolling(): boolean {
    return performance.now() < this.#until;
  }

  /** A stream was held back. */
  beginPolling(): void {
    if (this.isPolling) return;
    this.#until = performance.now() + Math.min(this.#between * 2 ** this.#times, this.#longest);
    this.#times += 1;
  }

  /** A stream works, or polling does not. */
  endPolling(): void {
    this.#until = 0;
    this.#times = 0;
  }
}

