// The hooks. What they give is live, and gone with the component.

import { useCallback, useMemo, useRef, useState, useSyncExternalStore } from "react";

import type { SubmitOptions } from "../milepost.js";
import type { LogLine, Task, TaskFilter } from "../types.js";
import { IDLE_VIEW, liveSet, type Live, type LiveStatus, type LiveView } from "./live.js";
import { useMilepost } from "./provider.js";

export interface LiveTask {
  /** Without its input, which streams do not carry; absent until the first snapshot. */
  task: Task | undefined;
  /** The last 1,000 lines its workers wrote, oldest first. */
  logs: readonly LogLine[];
  status: LiveStatus;
  /** Why `status` is `error` (a `MilepostProblem` of status 404, say) or `reconnecting`. */
  error: Error | undefined;
  /** Watches on after an end or an error: call it when the task was retried. */
  restart: () => void;
}

const nothing = (): void => {};
const noSubscription = (): (() => void) => nothing;
const idleView = (): LiveView => IDLE_VIEW;

function useView(live: Live | undefined): LiveView {
  return useSyncExternalStore(live?.subscribe ?? noSubscription, live?.view ?? idleView, idleView);
}

/** One task, live. Without an id it waits, without a connection. */
export function useTask(id: string | null | undefined): LiveTask {
  const client = useMilepost();
  const live = typeof id === "string" ? liveSet(client).task(id) : undefined;
  const view = useView(live);
  return {
    task: view.tasks[0],
    logs: view.logs,
    status: view.status,
    error: view.error,
    restart: live?.restart ?? nothing,
  };
}

export interface LiveTasks {
  /** Newest first. */
  tasks: readonly Task[];
  byId: ReadonlyMap<string, Task>;
  /** The first snapshot is whole: what is not here is not there. */
  complete: boolean;
  status: LiveStatus;
  error: Error | undefined;
  /** Watches on after an error. */
  restart: () => void;
}

/**
 * All tasks that match, live. All hooks share one connection; those with the same filter also the
 * tasks, whatever object the filter is. With `null` it waits, without a connection.
 */
export function useTasks(filter: TaskFilter | null = {}): LiveTasks {
  const client = useMilepost();
  const live = filter === null ? undefined : liveSet(client).tasks(filter);
  const view = useView(live);
  const byId = useMemo(() => new Map(view.tasks.map((task) => [task.id, task])), [view.tasks]);
  return {
    tasks: view.tasks,
    byId,
    complete: view.complete,
    status: view.status,
    error: view.error,
    restart: live?.restart ?? nothing,
  };
}

export interface Submission {
  /** Submits, and watches what it made. Throws what went wrong, which `error` shows as well. */
  submit: (kind: string, input?: unknown, options?: SubmitOptions) => Promise<Task>;
  /** What was submitted last, live. */
  task: Task | undefined;
  /** Its log, see {@link useTask}. */
  logs: readonly LogLine[];
  /** The call is on its way. */
  pending: boolean;
  /** Why the last submit failed, or the stream of what it made. */
  error: Error | undefined;
  /** Forgets the task and the error. */
  reset: () => void;
}

/** Submits a task and follows it. */
export function useSubmit(): Submission {
  const client = useMilepost();
  const [last, setLast] = useState<{ task?: Task; error?: Error; pending: boolean }>({ pending: false });
  // Only the newest call may say how it went.
  const call = useRef(0);

  const submit = useCallback<Submission["submit"]>(
    async (kind, input, options) => {
      call.current += 1;
      const mine = call.current;
      setLast({ pending: true });
      try {
        const task = await client.submit(kind, input, options);
        if (mine === call.current) setLast({ pending: false, task });
        return task;
      } catch (error) {
        const failure = error instanceof Error ? error : new Error(String(error));
        if (mine === call.current) setLast({ pending: false, error: failure });
        throw failure;
      }
    },
    [client],
  );
  const reset = useCallback(() => {
    call.current += 1;
    setLast({ pending: false });
  }, []);

  const live = useTask(last.task?.id);
  return {
    submit,
    task: live.task ?? last.task,
    logs: live.logs,
    pending: last.pending,
    error: last.error ?? (live.status === "error" ? live.error : undefined),
    reset,
  };
}
