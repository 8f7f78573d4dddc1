// A server with a log, as small as it can be: it streams, pages and lists what is in it.

import type { ServerResponse } from "node:http";

import { matches } from "../../src/share/filters.js";
import type { State, StreamFilter, StreamRequest, Task, TaskEvent, TaskFilter } from "../../src/types.js";
import { cursorOf, frame, logEvent, progressEvent, snapshot, taskEvent, taskOf } from "./events.js";
import { json, problem, serve, type Answer, type Received, type ScriptedServer } from "./server.js";

interface Watcher {
  response: ServerResponse;
  filters: TaskFilter[];
}

export class LogServer {
  readonly tasks = new Map<string, Task>();
  readonly log: TaskEvent[] = [];
  readonly watchers = new Set<Watcher>();
  /** Bodies of the streams that were opened. */
  readonly opened: StreamRequest[] = [];
  epoch = "0000e90c";
  /** Refuses streams with these queues. */
  readonly forbidden = new Set<string>();
  /** Accepts streams, and lets nothing of them through. */
  holdsBack = false;
  server!: ScriptedServer;

  static async start(): Promise<LogServer> {
    const one = new LogServer();
    one.server = await serve((_, request) => one.#answer(request));
    return one;
  }

  get end(): string {
    return cursorOf(this.log.length, this.epoch);
  }

  put(id: string, fields: Partial<Task> = {}): Task {
    const known = this.tasks.get(id);
    const task = { ...taskOf(id, this.log.length + 1), ...known, ...fields, cursor: this.#next() };
    task.done = ["succeeded", "failed", "cancelled"].includes(task.state);
    this.tasks.set(id, task);
    this.#write(taskEvent(task.done ? "task.succeeded" : "task.updated", task));
    return task;
  }

  progress(id: string, percent: number): void {
    this.#touch(id, progressEvent(id, this.log.length + 1, percent));
  }

  say(id: string, text: string): void {
    this.#touch(id, logEvent(id, this.log.length + 1, text));
  }

  /** Cuts all connections. */
  cut(): void {
    for (const { response } of this.watchers) response.destroy();
  }

  #next = (): string => cursorOf(this.log.length + 1, this.epoch);

  #touch(id: string, event: TaskEvent): void {
    const task = this.tasks.get(id);
    const cursor = this.#next();
    if (task !== undefined) this.tasks.set(id, { ...task, cursor, updated_at: event.at });
    this.#write({ ...event, cursor });
  }

  #write(event: TaskEvent): void {
    this.log.push(event);
    for (const watcher of this.watchers) {
      if (this.#concerns(event, watcher.filters)) watcher.response.write(frame(event));
    }
  }

  #concerns(event: TaskEvent, filters: readonly TaskFilter[]): boolean {
    const task = this.tasks.get(event.task_id);
    return task !== undefined && filters.some((filter) => matches(filter, task));
  }

  #answer(request: Received): Answer {
    const { path, query } = request;
    if (path === "/api/v1/event-streams") return this.#stream(JSON.parse(request.body) as StreamRequest);
    if (path === "/api/v1/system") return json(200, { log_end: this.end });
    if (path === "/api/v1/tasks") return json(200, { items: this.#matching(filterOf(query)) });
    const [, id, rest] = /^\/api\/v1\/tasks\/([^/]+)(\/.*)?$/.exec(path) ?? [];
    if (path === "/api/v1/history" || rest === "/history") {
      const wait = request.headers["prefer"] !== undefined;
      return this.#page(id === undefined ? filterOf(query) : { task: id }, query.get("after"), wait);
    }
    if (rest === "/logs") return json(200, { lines: [] });
    const task = this.tasks.get(id ?? "");
    return task === undefined ? problem(404, "task-not-found") : json(200, task);
  }

  #matching = (filter: TaskFilter): Task[] => [...this.tasks.values()].filter((task) => matches(filter, task));

  #after(after: string | null | undefined, filters: readonly TaskFilter[]): TaskEvent[] {
    const position = Number(after?.split(".")[1] ?? 0);
    return this.log.slice(position).filter((event) => this.#concerns(event, filters));
  }

  #page(filter: TaskFilter, after: string | null, wait: boolean): Answer {
    return async (response, request) => {
      const answer = (): EventPageLike => ({ items: this.#after(after, [filter]), cursor: this.end });
      for (let left = wait ? 20 : 0; left > 0 && answer().items.length === 0; left -= 1) {
        await new Promise((resolve) => {
          setTimeout(resolve, 10);
        });
      }
      await json(200, answer())(response, request);
    };
  }

  #stream(asked: StreamRequest): Answer {
    this.opened.push(asked);
    const filters = (asked.filters ?? [{}]).map(toTaskFilter);
    if (filters.some(({ queue }) => this.forbidden.has(queue ?? ""))) return problem(403, "forbidden-name");
    return (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.flushHeaders();
      if (this.holdsBack) return;
      response.write("retry: 5\n\n");
      const watcher = { response, filters };
      const any = (some: readonly TaskFilter[]): Task[] =>
        [...this.tasks.values()].filter((task) => some.some((filter) => matches(filter, task)));
      const lost = asked.after !== undefined && !asked.after.startsWith(this.epoch);
      if (lost) response.write(frame({ type: "stream.reset", reason: "epoch" } as never));
      if (asked.after === undefined || lost) {
        response.write(frame({ ...snapshot(any(filters)), cursor: this.end } as never));
      } else {
        if (asked.fresh !== undefined) response.write(frame({ ...snapshot(any(asked.fresh.map(toTaskFilter))), fresh: true } as never));
        for (const event of this.#after(asked.after, filters)) response.write(frame(event));
      }
      this.watchers.add(watcher);
      response.on("close", () => this.watchers.delete(watcher));
    };
  }
}

interface EventPageLike {
  items: TaskEvent[];
  cursor: string;
}

function toTaskFilter({ tasks, queue, kind, states, labels }: StreamFilter): TaskFilter {
  return { task: tasks, queue, kind, state: states, labels };
}

function filterOf(query: URLSearchParams): TaskFilter {
  const tasks = query.getAll("task");
  const states = query.getAll("state") as State[];
  return {
    ...(tasks.length > 0 && { task: tasks }),
    ...(states.length > 0 && { state: states }),
    queue: query.get("queue") ?? undefined,
    kind: query.get("kind") ?? undefined,
  };
}
