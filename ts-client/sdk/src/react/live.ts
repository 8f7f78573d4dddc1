// One stream for all hooks that want the same: opened by the first, closed with the last.
//
// A browser gives a page six HTTP/1.1 connections, so two components that show one task must not
// cost two. Hooks read it through useSyncExternalStore, which StrictMode cannot trick.

import { filterKey } from "../filter.js";
import { TaskStore } from "../fold/store.js";
import type { Milepost } from "../milepost.js";
import type { LogLine, Task, TaskFilter } from "../types.js";
import type { Watch, WatchOptions } from "../watch/watch.js";

/** How a live view is doing. */
export type LiveStatus = "connecting" | "live" | "reconnecting" | "ended" | "error";

/** What a hook sees; a new object for each change. */
export interface LiveView {
  readonly tasks: readonly Task[];
  /** Of the one task that is watched, if it is one. */
  readonly logs: readonly LogLine[];
  /** A whole snapshot was read. */
  readonly complete: boolean;
  readonly status: LiveStatus;
  /** Why it ended (`error`), or why the connection was lost (`reconnecting`). */
  readonly error: Error | undefined;
}

export const IDLE_VIEW: LiveView = {
  tasks: [],
  logs: [],
  complete: false,
  status: "connecting",
  error: undefined,
};

/** Lines of a task that `useTask` keeps. */
const KEPT_LINES = 1000;

/** What makes one live view different from another. */
interface LiveSource {
  open: (options: WatchOptions) => Watch;
  /** The one task it is about; its log lines are kept, and the earlier ones fetched by this. */
  task?: { id: string; earlierLogs: (signal: AbortSignal) => Promise<LogLine[]> };
  /** Told when somebody begins to look, and when nobody does any more. */
  onActive: (live: Live) => void;
  onIdle: (live: Live) => void;
}

/** A view that was made for a render that came to nothing is forgotten after this time. */
const UNUSED_LIFE = 30_000;

/** A stream with its store, open while somebody is subscribed. */
export class Live {
  readonly #source: LiveSource;
  readonly #store: TaskStore;
  readonly #listeners = new Set<() => void>();
  #view: LiveView = IDLE_VIEW;
  #running: AbortController | undefined;
  #watch: Watch | undefined;
  #closing: ReturnType<typeof setTimeout> | undefined;

  constructor(source: LiveSource) {
    this.#source = source;
    this.#store = new TaskStore({ keepLogs: source.task === undefined ? 0 : KEPT_LINES });
    this.#closing = setTimeout(this.#close, UNUSED_LIFE);
  }

  view = (): LiveView => this.#view;

  subscribe = (listener: () => void): (() => void) => {
    clearTimeout(this.#closing);
    this.#closing = undefined;
    this.#listeners.add(listener);
    if (this.#running === undefined) {
      this.#source.onActive(this);
      this.#run();
    }
    return () => {
      this.#listeners.delete(listener);
      // Not at once: StrictMode, and a component that changes places, comes back in the same turn.
      if (this.#listeners.size === 0) this.#closing = setTimeout(this.#close, 0);
    };
  };

  /** Watches on after an end or an error, from where it stopped. */
  restart = (): void => {
    const { status } = this.#view;
    if (this.#running === undefined || (status !== "ended" && status !== "error")) return;
    this.#running.abort();
    this.#run();
  };

  #run(): void {
    const running = new AbortController();
    const { signal } = running;
    this.#running = running;
    const unsubscribe = this.#store.subscribe(() => this.#refresh({}));
    signal.addEventListener("abort", unsubscribe, { once: true });
    const after = this.#watch?.cursor;
    if (after === undefined) this.#store.apply({ type: "stream.restart" });
    this.#refresh({ status: "connecting", error: undefined });
    this.#watch = this.#source.open({
      signal,
      after,
      onState: (state) => {
        if (signal.aborted || state.status === "ended") return;
        const error = state.status === "reconnecting" ? state.error : undefined;
        this.#refresh({ status: state.status, error });
      },
    });
    void this.#follow(this.#watch, signal);
  }

  async #follow(watch: Watch, signal: AbortSignal): Promise<void> {
    try {
      for await (const event of watch) {
        this.#store.apply(event);
        // A snapshot brings no log lines: those before it are fetched, those after it streamed.
        if (event.type === "stream.snapshot") void this.#fetchEarlierLogs(signal);
      }
      if (!signal.aborted) this.#refresh({ status: "ended", error: undefined });
    } catch (thrown) {
      if (signal.aborted) return;
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      this.#refresh({ status: "error", error });
    }
  }

  async #fetchEarlierLogs(signal: AbortSignal): Promise<void> {
    const { task } = this.#source;
    if (task === undefined) return;
    this.#store.dropLogs(task.id);
    try {
      const lines = await task.earlierLogs(signal);
      if (!signal.aborted) this.#store.putEarlierLogs(task.id, lines);
    } catch {
      // The stream tells what is wrong with the server; old lines are not worth a second error.
    }
  }

  #refresh(part: { status?: LiveStatus; error?: Error | undefined }): void {
    const { tasks, complete } = this.#store;
    const { task } = this.#source;
    const logs = task === undefined ? this.#view.logs : this.#store.logs(task.id);
    this.#view = { ...this.#view, ...part, tasks, logs, complete };
    for (const listener of this.#listeners) listener();
  }

  #close = (): void => {
    this.#closing = undefined;
    if (this.#listeners.size > 0) return;
    this.#running?.abort();
    this.#running = undefined;
    this.#source.onIdle(this);
  };
}

/** The streams that are open for one client, by what they watch. */
class LiveSet {
  readonly #client: Milepost;
  readonly #byKey = new Map<string, Live>();

  constructor(client: Milepost) {
    this.#client = client;
  }

  task(id: string): Live {
    return this.#get(`task ${id}`, {
      open: (options) => this.#client.watchTask(id, options),
      task: { id, earlierLogs: (signal) => this.#client.logs(id, { tail: KEPT_LINES, signal }) },
    });
  }

  tasks(filter: TaskFilter): Live {
    return this.#get(`tasks ${filterKey(filter)}`, {
      open: (options) => this.#client.watchEvents(filter, options),
    });
  }

  #get(key: string, source: Pick<LiveSource, "open" | "task">): Live {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const made = new Live({
      ...source,
      onActive: (live) => {
        if (!this.#byKey.has(key)) this.#byKey.set(key, live);
      },
      onIdle: (live) => {
        if (this.#byKey.get(key) === live) this.#byKey.delete(key);
      },
    });
    this.#byKey.set(key, made);
    return made;
  }
}

const sets = new WeakMap<Milepost, LiveSet>();

/** The open streams of a client. */
export function liveSet(client: Milepost): LiveSet {
  let set = sets.get(client);
  if (set === undefined) {
    set = new LiveSet(client);
    sets.set(client, set);
  }
  return set;
}
