// One view for all hooks that want the same: begun by the first, ended with the last. All of them
// follow, so they share one connection, over all tabs.
//
// Hooks read it through useSyncExternalStore, which StrictMode cannot trick.

import { filterKey } from "../filter.js";
import { isRetryable } from "../calls.js";
import { TaskStore } from "../fold/store.js";
import type { Milepost } from "../milepost.js";
import type { LogLine, Task, TaskFilter } from "../types.js";
import { Backoff, pause } from "../watch/backoff.js";

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
  filter: TaskFilter;
  /** The one task it is about: it ends with it, and its log lines are kept. */
  taskId?: string;
  /** Told when somebody begins to look, and when nobody does any more. */
  onActive: (live: Live) => void;
  onIdle: (live: Live) => void;
}

/** A view that was made for a render that came to nothing is forgotten after this time. */
const UNUSED_LIFE = 30_000;

/** Tasks that are followed while somebody is subscribed. */
export class Live {
  readonly #client: Milepost;
  readonly #source: LiveSource;
  readonly #store: TaskStore;
  readonly #listeners = new Set<() => void>();
  #view: LiveView = IDLE_VIEW;
  #running: AbortController | undefined;
  #closing: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Milepost, source: LiveSource) {
    this.#client = client;
    this.#source = source;
    this.#store = new TaskStore({ keepLogs: source.taskId === undefined ? 0 : KEPT_LINES });
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

  /** Follows on after an end or an error. */
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
    this.#store.apply({ type: "stream.restart" });
    this.#refresh({ status: "connecting", error: undefined });
    void this.#follow(signal);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { filter, taskId } = this.#source;
    try {
      const watch = this.#client.follow(filter, {
        signal,
        onState: (state) => {
          if (signal.aborted || state.status === "ended") return;
          const error = state.status === "reconnecting" ? state.error : undefined;
          this.#refresh({ status: state.status, error });
        },
      });
      for await (const event of watch) {
        this.#store.apply(event);
        if (taskId === undefined) continue;
        // A snapshot brings no log lines: those before it are fetched, those after it streamed.
        if (event.type === "stream.snapshot") {
          void this.#fetchEarlierLogs(taskId, signal);
          if (event.tasks.length === 0) await this.#find(taskId, signal);
        }
        if (event.type === "task.deleted" || this.#store.get(taskId)?.done === true) break;
      }
      if (!signal.aborted) this.#refresh({ status: "ended", error: undefined });
    } catch (thrown) {
      if (signal.aborted) return;
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      this.#refresh({ status: "error", error });
    }
  }

  /** A stream is silent about a task that is not there; throws the problem that says so. */
  async #find(id: string, signal: AbortSignal): Promise<void> {
    const backoff = new Backoff();
    while (!signal.aborted) {
      try {
        const { input: _, ...task } = await this.#client.getTask(id, { signal });
        this.#store.put(task);
        return;
      } catch (error) {
        if (!isRetryable(error)) throw error;
        await pause(backoff.next(), signal);
      }
    }
  }

  async #fetchEarlierLogs(id: string, signal: AbortSignal): Promise<void> {
    this.#store.dropLogs(id);
    try {
      const lines = await this.#client.logs(id, { tail: KEPT_LINES, signal });
      if (!signal.aborted) this.#store.putEarlierLogs(id, lines);
    } catch {
      // The stream tells what is wrong with the server; old lines are not worth a second error.
    }
  }

  #refresh(part: { status?: LiveStatus; error?: Error | undefined }): void {
    const { tasks, complete } = this.#store;
    const { taskId } = this.#source;
    const logs = taskId === undefined ? this.#view.logs : this.#store.logs(taskId);
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

/** What is followed for one client, by what it is. */
class LiveSet {
  readonly #client: Milepost;
  readonly #byKey = new Map<string, Live>();

  constructor(client: Milepost) {
    this.#client = client;
  }

  task(id: string): Live {
    return this.#get(`task ${id}`, { filter: { task: id }, taskId: id });
  }

  tasks(filter: TaskFilter): Live {
    return this.#get(`tasks ${filterKey(filter)}`, { filter });
  }

  #get(key: string, source: Pick<LiveSource, "filter" | "taskId">): Live {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const made = new Live(this.#client, {
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

/** What is followed for a client. */
export function liveSet(client: Milepost): LiveSet {
  let set = sets.get(client);
  if (set === undefined) {
    set = new LiveSet(client);
    sets.set(client, set);
  }
  return set;
}
