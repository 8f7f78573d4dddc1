// The tasks of the whole page, from the one stream that all tabs of the dashboard share. What that leaves
// out, the server's own tasks, has a feed where it is shown, with a stream of its own.
//
// A server may keep a million tasks, so the feed does not ask for a snapshot of all of them. It notes
// where the log ends, reads the newest tasks and the unfinished ones as lists, and follows the log
// from that position: nothing between a list and the stream can be missed. Pages of older tasks that
// the table asks for are put into the same store, and the stream keeps them current as well.
//
// When the position is lost (another database, a trimmed log) it begins anew; the `generation` then
// rises, and lists that were loaded before are asked for again.

import { useSyncExternalStore } from 'react';

import { ACTIVE, milepost, type StreamState, type Task, type TaskFilter, TaskStore, type WatchedEvent } from '../api';
import { setServerTime } from './clock';
import { pause } from './pause';

export type Connection = 'connecting' | 'live' | 'reconnecting' | 'offline';

/** What the feed knows; a new object whenever anything changes. */
export interface FeedView {
  /** Newest first. */
  tasks: readonly Task[];
  /** The first lists are there. */
  ready: boolean;
  /** Rises when everything is read anew. */
  generation: number;
  connection: Connection;
  /** Why nothing could be read, while that is so. */
  error: Error | undefined;
  /** Tasks created since are all among `tasks`; absent when that is so of any time. */
  floor: string | undefined;
  /** Every unfinished task is among `tasks`. */
  activeKnown: boolean;
  /** Every task is among `tasks`. */
  allKnown: boolean;
}

// Beyond this many tasks a page that is left open for days begins anew instead of growing.
const MOST_TASKS = 10_000;
const FIRST_PAGE = 100;
const ACTIVE_PAGE = 200;
// Unfinished tasks read at the start; older ones come with the pages that are asked for.
const MOST_ACTIVE = 2_000;
const PACE_MS = 80;
// Failures in a row after which the connection is called offline rather than reconnecting.
const OFFLINE_AFTER = 4;
// A page nobody sees stops listening: when no page does, the connection is closed.
const HIDDEN_MS = 60_000;

let feeds = 0;

export class Feed {
  /** Tells it from any other of the page. */
  readonly serial = (feeds += 1);
  readonly #filter: TaskFilter;
  #store = new TaskStore({ pace: PACE_MS });
  #unsubscribe = () => {};
  #view: FeedView = {
    tasks: [],
    ready: false,
    generation: 0,
    connection: 'connecting',
    error: undefined,
    floor: undefined,
    activeKnown: false,
    allKnown: false,
  };
  readonly #listeners = new Set<() => void>();
  readonly #deleted = new Set<string>();
  #connection: AbortController | undefined;
  #hidden: ReturnType<typeof setTimeout> | undefined;

  /** Of the tasks that match; without a filter of all but the server's own. */
  constructor(filter: TaskFilter = {}) {
    this.#filter = filter;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly view = (): FeedView => this.#view;

  /** Begins; gives the way to end it. */
  start(): () => void {
    const stop = new AbortController();
    const { signal } = stop;
    document.addEventListener('visibilitychange', this.#look, { signal });
    window.addEventListener('online', this.reconnect, { signal });
    void this.#run(signal);
    return () => {
      stop.abort();
      clearTimeout(this.#hidden);
      this.#unsubscribe();
    };
  }

  /** Tries at once instead of waiting for the next turn. */
  readonly reconnect = (): void => this.#connection?.abort();

  /** Takes tasks that another call answered. */
  put(tasks: readonly Task[]): void {
    for (const task of tasks) {
      // A list that was on its way while its task was deleted would bring it back.
      if (!this.#deleted.has(task.id)) this.#store.put(task);
    }
  }

  /** The oldest page was read, so there is nothing the feed does not know. */
  noteAllKnown(): void {
    if (!this.#view.allKnown) this.#set({ allKnown: true, activeKnown: true, floor: undefined });
  }

  /** Whether it was deleted while the page was open. */
  isDeleted(id: string): boolean {
    return this.#deleted.has(id);
  }

  get(id: string): Task | undefined {
    return this.#store.get(id);
  }

  async #run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const attempt = this.#open(signal);
      try {
        const logEnd = await this.#begin(attempt.signal);
        failures = 0;
        await this.#follow(logEnd, signal);
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        const connection = failures >= OFFLINE_AFTER ? 'offline' : 'reconnecting';
        this.#set({ connection, error: error instanceof Error ? error : new Error(String(error)) });
        await pause(Math.min(10_000, 500 * 2 ** failures), this.#open(signal).signal);
      }
    }
  }

  /** Reads what there is now; gives the position in the log from which to go on. */
  async #begin(signal: AbortSignal): Promise<string> {
    const system = await milepost.system({ signal });
    setServerTime(Date.parse(system.started_at) + system.uptime_seconds * 1_000);
    const [newest, active] = await Promise.all([
      milepost.listTasks({ ...this.#filter, limit: FIRST_PAGE, signal }),
      this.#active(signal),
    ]);
    const store = new TaskStore({ pace: PACE_MS });
    for (const task of [...newest.items, ...active.items]) store.put(task);
    this.#unsubscribe();
    this.#store = store;
    this.#unsubscribe = store.subscribe(() => this.#set({ tasks: this.#store.tasks }));
    this.#set({
      tasks: store.tasks,
      ready: true,
      generation: this.#view.generation + 1,
      error: undefined,
      floor: newest.next_page === undefined ? undefined : newest.items.at(-1)?.created_at,
      activeKnown: active.all,
      allKnown: newest.next_page === undefined,
    });
    return system.log_end;
  }

  /** The unfinished tasks, as many as a page may hold; whether that is all of them. */
  async #active(signal: AbortSignal): Promise<{ items: Task[]; all: boolean }> {
    const items: Task[] = [];
    let page: string | undefined;
    do {
      const next = await milepost.listTasks({ ...this.#filter, state: ACTIVE, limit: ACTIVE_PAGE, page, signal });
      items.push(...next.items);
      page = next.next_page;
    } while (page !== undefined && items.length < MOST_ACTIVE);
    return { items, all: page === undefined };
  }

  /** Follows the log from `cursor` until the feed has to begin anew. */
  async #follow(cursor: string, signal: AbortSignal): Promise<void> {
    let after = cursor;
    while (!signal.aborted) {
      const connection = this.#open(signal);
      const watch = milepost.follow(
        this.#filter,
        { after, signal: connection.signal, onState: (state) => this.#set({ connection: connectionOf(state) }) },
      );
      for await (const event of watch) {
        if (event.type === 'stream.reset' || event.type === 'stream.restart') return;
        this.#take(event);
        if (this.#store.size > MOST_TASKS) return;
      }
      after = watch.cursor ?? after;
      await this.#shown(signal);
    }
  }

  #take(event: WatchedEvent): void {
    // An id may be used again after its task was deleted.
    if (event.type === 'task.deleted') this.#deleted.add(event.task_id);
    else if ('task' in event) this.#deleted.delete(event.task_id);
    this.#store.apply(event);
  }

  /** A signal for one attempt, which `reconnect` ends. */
  #open(signal: AbortSignal): AbortController {
    const connection = new AbortController();
    this.#connection = connection;
    signal.addEventListener('abort', () => connection.abort(), { once: true, signal: connection.signal });
    return connection;
  }

  readonly #look = (): void => {
    clearTimeout(this.#hidden);
    if (document.hidden) this.#hidden = setTimeout(this.reconnect, HIDDEN_MS);
  };

  /** Waits until somebody sees the page. */
  #shown(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (!document.hidden || signal.aborted) return resolve();
      const done = new AbortController();
      const look = () => {
        if (document.hidden && !signal.aborted) return;
        done.abort();
        resolve();
      };
      document.addEventListener('visibilitychange', look, { signal: done.signal });
      signal.addEventListener('abort', look, { signal: done.signal });
    });
  }

  #set(change: Partial<FeedView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** A stream's state in the page's four words. */
export function connectionOf(state: StreamState): Connection {
  switch (state.status) {
    case 'live':
    case 'ended':
      return 'live';
    case 'connecting':
      return 'connecting';
    case 'reconnecting':
      return state.failures >= OFFLINE_AFTER ? 'offline' : 'reconnecting';
  }
}

export const feed = new Feed();

export function useFeed(source: Feed = feed): FeedView {
  return useSyncExternalStore(source.subscribe, source.view);
}
